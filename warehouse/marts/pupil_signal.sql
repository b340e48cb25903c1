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

counted AS (
    SELECT
        day.*,
        CASE WHEN day.organisation_key IN (SELECT six.organisation_key FROM six) THEN day.day_number_of_six ELSE day.day_number END AS number,
        day.absent_count > 0 AND CASE
            WHEN day.organisation_key IN (SELECT six.organisation_key FROM six) THEN day.is_school_day_of_six ELSE day.is_school_day
        END AS is_unexcused
    FROM day
),

-- Unexcused days that follow one another have the same difference between the number of the school day and their own number in order.
run AS (
    SELECT
        counted.*,
        counted.number - count(*) FILTER (WHERE counted.is_unexcused) OVER (PARTITION BY counted.pupil_id ORDER BY counted.number) AS start
    FROM counted
),

stretch AS (
    SELECT
        run.pupil_id,
        CASE WHEN run.is_unexcused THEN run.start END AS start,
        count(*) FILTER (WHERE run.is_unexcused) AS day_count,
        sum(run.ill_count) AS ill_count,
        sum(run.valid_count) AS valid_count,
        sum(run.absent_count) AS absent_count,
        sum(run.late_count) AS late_count
    FROM run
    GROUP BY run.pupil_id, CASE WHEN run.is_unexcused THEN run.start END
),

missed AS (
    SELECT
        stretch.pupil_id,
        max(stretch.day_count)::integer AS day_count,
        sum(stretch.ill_count)::integer AS ill_count,
        sum(stretch.valid_count)::integer AS valid_count,
        sum(stretch.absent_count)::integer AS absent_count,
        sum(stretch.late_count)::integer AS late_count
    FROM stretch
    GROUP BY stretch.pupil_id
),

failed AS (
    SELECT
        progress_pupil.pupil_id,
        bool_or(progress_pupil.russian_two_count > 0) AS is_failing_russian,
        bool_or(progress_pupil.mathematics_two_count > 0) AS is_failing_mathematics
    FROM marts.progress_pupil
    WHERE progress_pupil.is_latest
    GROUP BY progress_pupil.pupil_id
),

-- A full join is never a nested loop, however few rows the planner expects; who is no pupil now goes below.
joined AS MATERIALIZED (
    SELECT
        current_pupil.*,
        missed.day_count,
        missed.ill_count,
        missed.valid_count,
        missed.absent_count,
        missed.late_count,
        failed.is_failing_russian,
        failed.is_failing_mathematics
    FROM marts.current_pupil
    FULL JOIN missed ON missed.pupil_id = current_pupil.pupil_id
    FULL JOIN failed ON failed.pupil_id = current_pupil.pupil_id
)

SELECT
    joined.report_date,
    joined.pupil_id,
    joined.municipality,
    joined.organisation_key,
    joined.organisation_name,
    joined.grade,
    joined.class_letter,
    joined.class_name,
    COALESCE(joined.ill_count, 0) AS ill_count,
    COALESCE(joined.valid_count, 0) AS valid_count,
    COALESCE(joined.absent_count, 0) AS absent_count,
    COALESCE(joined.late_count, 0) AS late_count,
    COALESCE(joined.ill_count + joined.valid_count + joined.absent_count, 0) AS missed_count,
    joined.school_day_count,
    round(joined.least_lessons)::integer AS least_lesson_count,
    COALESCE(joined.day_count, 0) AS unexcused_day_count,
    joined.school_change_count,
    joined.least_lessons IS NOT NULL AS is_load_known,
    COALESCE(
        joined.school_day_count >= 10
        AND (joined.ill_count + joined.valid_count + joined.absent_count) * 10 >= joined.least_lessons, FALSE
    ) AS is_tenth_missed,
    COALESCE(joined.day_count >= 3, FALSE) AS is_absent_three_days,
    COALESCE(joined.is_failing_russian, FALSE) AS is_failing_russian,
    COALESCE(joined.is_failing_mathematics, FALSE) AS is_failing_mathematics,
    joined.school_change_count > 0 AS is_school_changed
FROM joined
WHERE joined.pupil_id IS NOT NULL
