-- One row per current person record: whether its СНИЛС is missing, was left out as wrong, is shared with other records or other pupils, or not confirmed by the fund. What snils_quality counts.
WITH person AS (
    SELECT
        person_record.record_id,
        person_record.source,
        person_record.source_key,
        person_record.delivery_id,
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
)

SELECT
    person.record_id,
    person.source,
    person.snils IS NULL AS is_missing,
    EXISTS (
        SELECT 1
        FROM quality.left_out_value
        WHERE left_out_value.delivery_id = person.delivery_id AND left_out_value.source_key = person.source_key
            AND left_out_value.rule = 'person.snils.control_number'
    ) AS is_invalid,
    shared_record.snils IS NOT NULL AS is_shared_record,
    shared_pupil.snils IS NOT NULL AS is_shared_pupil,
    unconfirmed.asked_key IS NOT NULL AS is_unconfirmed
FROM person
LEFT JOIN shared_record ON shared_record.source = person.source AND shared_record.snils = person.snils
LEFT JOIN shared_pupil ON shared_pupil.snils = person.snils
LEFT JOIN unconfirmed
    ON unconfirmed.asked_source = person.source AND unconfirmed.asked_key = person.source_key AND unconfirmed.snils = person.snils
