-- One row per source: person records without СНИЛС, refused for it, sharing it with other records or other pupils, or not confirmed by the fund.
WITH refused AS (
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
        snils_record.source,
        count(*)::integer AS record_count,
        count(*) FILTER (WHERE snils_record.is_missing)::integer AS missing_count,
        count(*) FILTER (WHERE snils_record.is_shared_record)::integer AS shared_record_count,
        count(*) FILTER (WHERE snils_record.is_shared_pupil)::integer AS shared_pupil_count,
        count(*) FILTER (WHERE snils_record.is_unconfirmed)::integer AS unconfirmed_count
    FROM marts.snils_record
    GROUP BY snils_record.source
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
