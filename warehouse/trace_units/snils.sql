-- One row per current person record.
SELECT
    snils_record.record_id,
    snils_record.source,
    snils_record.is_missing,
    snils_record.is_invalid,
    snils_record.is_shared_record,
    snils_record.is_shared_pupil,
    snils_record.is_unconfirmed
FROM marts.snils_record
ORDER BY snils_record.source, snils_record.record_id
