-- One row per pupil of general education on the report date: lessons missed this school year and every sign that asks for attention. Reasons, never a score.
-- built
WITH day AS (
    SELECT
        absence_counted.pupil_id,
        absence_counted.lesson_date,
        max(absence_counted.organisation_key) AS organisation_key,
        bool_or(absence_counted.is_school_day) AS is_school_day,
        bool_or(absence_counted.is_school_day_of_six) AS is_school_day_of_six,
        max(absence_counted.day_number) AS day_number,
        max(absence_counted.day_number_of_six) AS day_number_of_six,
        count(*) FILTER (WHERE absence_counted.absence_reason = 'ill') AS ill_count,
        count(*) FILTER (WHERE absence_counted.absence_reason = 'valid') AS valid_count,
        count(*) FILTER (WHERE absence_counted.absence_reason = 'absent') AS absent_count,
        count(*) FILTER (WHERE absence_counted.absence_reason = 'late') AS late_count
    FROM marts.absence_counted
    WHERE absence_counted.pupil_id IS NOT NULL
    GROUP BY absence_counted.pupil_id, absence_counted.lesson_date
),

-- A school teaches six days a week when its journal has absences on two Saturdays.
six AS (
    SELECT day.organisation_key
    FROM day
    WHERE day.is_school_day_of_six AND NOT day.is_school_day
    GROUP BY day.organisation_key
    HAVING count(DISTINCT day.lesson_date) > 1
),

unexcused AS (
    SELECT
        day.pupil_id,
        CASE WHEN six.organisation_key IS NULL THEN day.day_number ELSE day.day_number_of_six END AS day_number
    FROM day
    LEFT JOIN six ON six.organisation_key = day.organisation_key
    WHERE day.absent_count > 0 AND CASE WHEN six.organisation_key IS NULL THEN day.is_school_day ELSE day.is_school_day_of_six END
),

stretch AS (
    SELECT
        run.pupil_id,
        count(*) AS day_count
    FROM (
        SELECT
            unexcused.pupil_id,
            unexcused.day_number - row_number() OVER (PARTITION BY unexcused.pupil_id ORDER BY unexcused.day_number) AS start
        FROM unexcused
    ) AS run
    GROUP BY run.pupil_id, run.start
),

longest AS (
    SELECT
        stretch.pupil_id,
        max(stretch.day_count)::integer AS day_count
    FROM stretch
    GROUP BY stretch.pupil_id
),

missed AS (
    SELECT
        day.pupil_id,
        sum(day.ill_count)::integer AS ill_count,
        sum(day.valid_count)::integer AS valid_count,
        sum(day.absent_count)::integer AS absent_count,
        sum(day.late_count)::integer AS late_count
    FROM day
    GROUP BY day.pupil_id
),

failed AS (
    SELECT
        progress_pupil.pupil_id,
        bool_or(progress_pupil.russian_two_count > 0) AS is_failing_russian,
        bool_or(progress_pupil.mathematics_two_count > 0) AS is_failing_mathematics
    FROM marts.progress_pupil
    WHERE progress_pupil.is_latest
    GROUP BY progress_pupil.pupil_id
)

SELECT
    current_pupil.report_date,
    current_pupil.pupil_id,
    current_pupil.municipality,
    current_pupil.organisation_key,
    current_pupil.organisation_name,
    current_pupil.grade,
    current_pupil.class_letter,
    current_pupil.class_name,
    COALESCE(missed.ill_count, 0) AS ill_count,
    COALESCE(missed.valid_count, 0) AS valid_count,
    COALESCE(missed.absent_count, 0) AS absent_count,
    COALESCE(missed.late_count, 0) AS late_count,
    COALESCE(missed.ill_count + missed.valid_count + missed.absent_count, 0) AS missed_count,
    current_pupil.school_day_count,
    round(current_pupil.least_lessons)::integer AS least_lesson_count,
    COALESCE(longest.day_count, 0) AS unexcused_day_count,
    current_pupil.school_change_count,
    current_pupil.least_lessons IS NOT NULL AS is_load_known,
    COALESCE(
        current_pupil.school_day_count >= 10
        AND (missed.ill_count + missed.valid_count + missed.absent_count) * 10 >= current_pupil.least_lessons, FALSE
    ) AS is_tenth_missed,
    COALESCE(longest.day_count >= 3, FALSE) AS is_absent_three_days,
    COALESCE(failed.is_failing_russian, FALSE) AS is_failing_russian,
    COALESCE(failed.is_failing_mathematics, FALSE) AS is_failing_mathematics,
    current_pupil.school_change_count > 0 AS is_school_changed
FROM marts.current_pupil
LEFT JOIN missed ON missed.pupil_id = current_pupil.pupil_id
LEFT JOIN longest ON longest.pupil_id = current_pupil.pupil_id
LEFT JOIN failed ON failed.pupil_id = current_pupil.pupil_id
