-- One row per missed or late lesson of this school year that counts: a pupil listed in two schools that day is asked for in the later enrolment only.
-- The days are counted once: a join that counts them for each lesson does not end.
WITH school_day AS MATERIALIZED (
    SELECT *
    FROM marts.school_day
)

SELECT
    attendance.pupil_id,
    attendance.record_id,
    attendance.source,
    attendance.organisation_key,
    class_member.grade,
    class_member.class_letter,
    NULLIF(concat(class_member.grade, class_member.class_letter), '') AS class_name,
    attendance.lesson_date,
    date_trunc('month', attendance.lesson_date)::date AS month,
    attendance.absence_reason,
    school_day.is_school_day,
    school_day.is_school_day_of_six,
    school_day.day_number,
    school_day.day_number_of_six
FROM marts.attendance
INNER JOIN school_day ON school_day.lesson_date = attendance.lesson_date
LEFT JOIN marts.class_member ON class_member.record_id = attendance.record_id AND class_member.organisation_key = attendance.organisation_key
LEFT JOIN marts.organisation ON organisation.organisation_key = attendance.organisation_key
WHERE
    organisation.organisation_kind IS DISTINCT FROM 'kindergarten'
    AND NOT EXISTS (
        SELECT 1
        FROM marts.class_member AS later
        WHERE
            later.pupil_id = attendance.pupil_id AND later.record_count > 1
            AND later.place < class_member.place
            AND attendance.lesson_date >= later.valid_from
            AND (later.valid_to IS NULL OR attendance.lesson_date < later.valid_to)
    )
