-- One row per source: person records without СНИЛС, whose СНИЛС was left out as wrong, sharing it with other records or other pupils, or not confirmed by the fund.
SELECT
    snils_record.source,
    count(*)::integer AS record_count,
    count(*) FILTER (WHERE snils_record.is_missing)::integer AS missing_count,
    count(*) FILTER (WHERE snils_record.is_invalid)::integer AS invalid_count,
    count(*) FILTER (WHERE snils_record.is_shared_record)::integer AS shared_record_count,
    count(*) FILTER (WHERE snils_record.is_shared_pupil)::integer AS shared_pupil_count,
    count(*) FILTER (WHERE snils_record.is_unconfirmed)::integer AS unconfirmed_count
FROM marts.snils_record
GROUP BY snils_record.source
