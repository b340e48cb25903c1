-- One row per school year (1 September to 31 August) from 1989/1990 to five years after the report date; lessons run where its calendar is known.
SELECT
    series.school_year,
    format('%s/%s', series.school_year, series.school_year + 1) AS name,
    make_date(series.school_year, 9, 1) AS first_day,
    make_date(series.school_year + 1, 8, 31) AS last_day,
    (year_period.attributes ->> 'first_day')::date AS lessons_from,
    (year_period.attributes ->> 'last_day')::date AS lessons_to,
    core.report_date() BETWEEN make_date(series.school_year, 9, 1) AND make_date(series.school_year + 1, 8, 31) AS is_current
FROM generate_series(1989, EXTRACT(YEAR FROM core.report_date() - INTERVAL '8 months')::integer + 5) AS series (school_year)
LEFT JOIN core.period AS year_period ON year_period.code = format('%s-Y', series.school_year)
