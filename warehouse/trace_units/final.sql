-- One row per final mark that counts; `is_latest` where it belongs to the last finished period of its class.
SELECT
    final_counted.pupil_id,
    final_counted.record_id,
    final_counted.source,
    municipality.name AS municipality,
    final_counted.organisation_key,
    final_counted.class_name,
    final_counted.period_title,
    final_counted.subject_title,
    final_counted.outcome,
    latest.period IS NOT NULL AS is_latest
FROM marts.final_counted
LEFT JOIN (
    SELECT DISTINCT
        progress_subject.organisation_key,
        progress_subject.class_name,
        progress_subject.period
    FROM marts.progress_subject
    WHERE progress_subject.is_latest
) AS latest
    ON latest.organisation_key = final_counted.organisation_key AND latest.class_name IS NOT DISTINCT FROM final_counted.class_name
    AND latest.period = final_counted.period
LEFT JOIN marts.organisation ON organisation.organisation_key = final_counted.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
ORDER BY final_counted.organisation_key, final_counted.class_name, final_counted.subject_title, final_counted.pupil_id
