-- One row per pupil with final marks of the last finished period of the class.
SELECT
    progress_pupil.pupil_id,
    progress_pupil.municipality,
    progress_pupil.organisation_key,
    progress_pupil.class_name,
    progress_pupil.period_title,
    progress_pupil.standing,
    progress_pupil.five_count,
    progress_pupil.four_count,
    progress_pupil.three_count,
    progress_pupil.two_count,
    progress_pupil.not_attested_count,
    progress_pupil.credit_count
FROM marts.progress_pupil
WHERE progress_pupil.is_latest
ORDER BY progress_pupil.organisation_key, progress_pupil.class_name, progress_pupil.pupil_id
