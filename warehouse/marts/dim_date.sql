-- One row per day from 1 January 1990 to 31 August five school years after the report date. A school day is one of the five-day week.
WITH moment AS MATERIALIZED (
    SELECT core.report_date() AS report_date
),

counted AS (
    SELECT
        series.day::date AS day,
        EXTRACT(YEAR FROM series.day - INTERVAL '8 months')::integer AS school_year,
        EXTRACT(ISODOW FROM series.day)::integer AS iso_weekday
    FROM moment
    CROSS JOIN LATERAL generate_series(
        TIMESTAMP '1990-01-01',
        make_date(EXTRACT(YEAR FROM moment.report_date - INTERVAL '8 months')::integer + 6, 8, 31)::timestamp,
        INTERVAL '1 day'
    ) AS series (day)
),

quarter AS MATERIALIZED (
    SELECT
        period.code,
        left(period.code, 4)::integer AS school_year,
        (period.attributes ->> 'first_day')::date AS first_day,
        (period.attributes ->> 'last_day')::date AS last_day
    FROM core.period
    WHERE period.code LIKE '%-Q_'
),

known AS MATERIALIZED (
    SELECT DISTINCT quarter.school_year
    FROM quarter
),

taught AS (
    SELECT
        series.day::date AS day,
        min(quarter.code) AS code
    FROM quarter
    CROSS JOIN LATERAL generate_series(quarter.first_day, quarter.last_day, INTERVAL '1 day') AS series (day)
    GROUP BY series.day
),

free AS (
    SELECT DISTINCT ON (series.day)
        series.day::date AS day,
        code.name
    FROM codes.code
    CROSS JOIN LATERAL generate_series((code.attributes ->> 'first_day')::date, (code.attributes ->> 'last_day')::date, INTERVAL '1 day') AS series (day)
    WHERE code.code_list = 'days_off'
    ORDER BY series.day, (code.attributes ->> 'kind') DESC, code.code
)

SELECT
    counted.day,
    counted.school_year,
    taught.code AS school_quarter,
    EXTRACT(YEAR FROM counted.day)::integer AS calendar_year,
    EXTRACT(QUARTER FROM counted.day)::integer AS calendar_quarter,
    EXTRACT(MONTH FROM counted.day)::integer AS month_number,
    date_trunc('month', counted.day)::date AS month_start,
    EXTRACT(ISOYEAR FROM counted.day)::integer AS iso_year,
    EXTRACT(WEEK FROM counted.day)::integer AS iso_week,
    counted.iso_weekday,
    CASE
        WHEN free.day IS NOT NULL OR counted.iso_weekday > 5 THEN FALSE
        WHEN known.school_year IS NOT NULL THEN taught.day IS NOT NULL
    END AS is_school_day,
    CASE
        WHEN free.day IS NOT NULL THEN free.name
        WHEN counted.iso_weekday = 7 THEN 'Воскресенье'
        WHEN counted.iso_weekday = 6 THEN 'Суббота'
        WHEN known.school_year IS NULL THEN 'Календарь учебного года не задан'
        WHEN taught.day IS NULL THEN 'Вне учебных периодов'
    END AS day_off_reason
FROM counted
LEFT JOIN known ON known.school_year = counted.school_year
LEFT JOIN taught ON taught.day = counted.day
LEFT JOIN free ON free.day = counted.day
