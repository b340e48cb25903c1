-- One row per lesson one child missed or was late for (`absence_reason` = late).
SELECT
    attendance.record_id,
    attendance.pupil_id,
    attendance.organisation_key,
    attendance.subject,
    attendance.lesson_date,
    EXTRACT(YEAR FROM attendance.lesson_date - INTERVAL '8 months')::integer AS school_year,
    attendance.absence_reason
FROM marts.attendance
