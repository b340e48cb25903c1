-- One row per period of a school year (quarters, trimesters, half-years, the year); its days where the calendar of that year is known. Codes of final marks.
SELECT
    format('%s-%s', school_year.school_year, kind.code) AS period,
    school_year.school_year,
    kind.code AS period_kind,
    kind.name,
    kind.attributes ->> 'uftt_code' AS uftt_code,
    (period.attributes ->> 'first_day')::date AS first_day,
    (period.attributes ->> 'last_day')::date AS last_day
FROM marts.dim_school_year AS school_year
INNER JOIN codes.code AS kind ON kind.code_list = 'period_kinds'
LEFT JOIN core.period ON period.code = format('%s-%s', school_year.school_year, kind.code)
