-- One row per pupil of general education on the report date, with every sign; `is_signed`: at least one.
SELECT
    pupil_signal.pupil_id,
    pupil_signal.municipality,
    pupil_signal.organisation_key,
    pupil_signal.class_name,
    pupil_signal.missed_count,
    pupil_signal.absent_count,
    pupil_signal.least_lesson_count,
    pupil_signal.unexcused_day_count,
    pupil_signal.school_change_count,
    pupil_signal.is_tenth_missed,
    pupil_signal.is_absent_three_days,
    pupil_signal.is_failing_russian,
    pupil_signal.is_failing_mathematics,
    pupil_signal.is_school_changed,
    pupil_signal.is_tenth_missed OR pupil_signal.is_absent_three_days OR pupil_signal.is_failing_russian OR pupil_signal.is_failing_mathematics
    OR pupil_signal.is_school_changed AS is_signed
FROM marts.pupil_signal
ORDER BY pupil_signal.organisation_key, pupil_signal.class_name, pupil_signal.pupil_id
