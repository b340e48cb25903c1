-- One row per source: person records without СНИЛС, refused for it, sharing it with other records or other pupils, or not confirmed by the fund.
WITH person AS (
    SELECT
        person_record.record_id,
        person_record.source,
        person_record.source_key,
        person_record.snils
    FROM identity.person_record
    WHERE
        person_record.version_from <= (SELECT core.visible_version()) AND person_record.version_to > (SELECT core.visible_version())
        AND person_record.record_status = 'active'
        AND NOT EXISTS (SELECT 1 FROM identity.hidden_record WHERE hidden_record.record_id = person_record.record_id)
),

linked AS (
    SELECT
        link.record_id,
        link.pupil_id
    FROM identity.link
    WHERE link.version_from <= (SELECT core.visible_version()) AND link.version_to > (SELECT core.visible_version())
),

shared_record AS (
    SELECT
        person.source,
        person.snils
    FROM person
    WHERE person.snils IS NOT NULL
    GROUP BY person.source, person.snils
    HAVING count(*) > 1
),

shared_pupil AS (
    SELECT person.snils
    FROM person
    INNER JOIN linked ON linked.record_id = person.record_id
    WHERE person.snils IS NOT NULL
    GROUP BY person.snils
    HAVING count(DISTINCT linked.pupil_id) > 1
),

unconfirmed AS (
    SELECT DISTINCT
        snils_validation.asked_source,
        snils_validation.asked_key,
        snils_validation.snils
    FROM core.snils_validation
    WHERE
        NOT snils_validation.is_confirmed
        AND snils_validation.version_from <= (SELECT core.visible_version()) AND snils_validation.version_to > (SELECT core.visible_version())
),

refused AS (
    SELECT
        delivery.source,
        count(DISTINCT COALESCE(refused_record.source_key, concat(refused_record.delivery_id, refused_record.position)))::integer AS invalid_count
    FROM quality.refused_record
    INNER JOIN quality.delivery ON delivery.delivery_id = refused_record.delivery_id
    LEFT JOIN quality.delivery AS replay
        ON replay.delivery_id = refused_record.replayed_by AND replay.version <= (SELECT core.visible_version())
    WHERE replay.delivery_id IS NULL AND refused_record.rule LIKE 'person.snils.%' AND refused_record.refused_at_version <= (SELECT core.visible_version())
    GROUP BY delivery.source
),

counted AS (
    SELECT
        person.source,
        count(*)::integer AS record_count,
        count(*) FILTER (WHERE person.snils IS NULL)::integer AS missing_count,
        count(shared_record.snils)::integer AS shared_record_count,
        count(shared_pupil.snils)::integer AS shared_pupil_count,
        count(unconfirmed.asked_key)::integer AS unconfirmed_count
    FROM person
    LEFT JOIN shared_record ON shared_record.source = person.source AND shared_record.snils = person.snils
    LEFT JOIN shared_pupil ON shared_pupil.snils = person.snils
    LEFT JOIN unconfirmed
        ON unconfirmed.asked_source = person.source AND unconfirmed.asked_key = person.source_key AND unconfirmed.snils = person.snils
    GROUP BY person.source
)

SELECT
    COALESCE(counted.source, refused.source) AS source,
    COALESCE(counted.record_count, 0) AS record_count,
    COALESCE(counted.missing_count, 0) AS missing_count,
    COALESCE(refused.invalid_count, 0) AS invalid_count,
    COALESCE(counted.shared_record_count, 0) AS shared_record_count,
    COALESCE(counted.shared_pupil_count, 0) AS shared_pupil_count,
    COALESCE(counted.unconfirmed_count, 0) AS unconfirmed_count
FROM counted
FULL JOIN refused ON refused.source = counted.source
