-- One row per day of the school year up to the report date: is it a school day (Mon-Fri, no day off), how many such days so far, the same with Saturdays.
-- built
WITH moment AS MATERIALIZED (
    SELECT
        core.report_date() AS report_date,
        make_date(EXTRACT(YEAR FROM core.report_date() - INTERVAL '8 months')::integer, 9, 1) AS year_start
),

-- Where the calendar of the year is not known, a day that is no public holiday and lies outside summer is a school day.
marked AS (
    SELECT
        moment.year_start,
        dim_date.day,
        dim_date.iso_weekday,
        COALESCE(dim_date.is_school_day, dim_date.month_number NOT IN (6, 7, 8)) AS is_school_day,
        dim_date.iso_weekday = 6 AND dim_date.day_off_reason = 'Суббота' AS is_saturday,
        dim_date.school_quarter IS NOT NULL AS is_in_quarter,
        bool_or(dim_date.school_quarter IS NOT NULL) OVER () AS is_known,
        dim_date.month_number
    FROM moment
    INNER JOIN marts.dim_date ON dim_date.day BETWEEN moment.year_start AND moment.report_date
),

taught AS (
    SELECT
        marked.year_start,
        marked.day,
        marked.is_school_day,
        marked.is_school_day
        OR (marked.is_saturday AND CASE WHEN marked.is_known THEN marked.is_in_quarter ELSE marked.month_number NOT IN (6, 7, 8) END) AS is_school_day_of_six
    FROM marked
)

SELECT
    taught.year_start,
    taught.day AS lesson_date,
    taught.is_school_day,
    taught.is_school_day_of_six,
    count(*) FILTER (WHERE taught.is_school_day) OVER (ORDER BY taught.day)::integer AS day_number,
    count(*) FILTER (WHERE taught.is_school_day_of_six) OVER (ORDER BY taught.day)::integer AS day_number_of_six
FROM taught
