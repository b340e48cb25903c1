-- One row per period of movement: since the last 1 September, and between the last two 20 Septembers; `known_from` is the day of the first load.
WITH moment AS MATERIALIZED (
    SELECT
        core.report_date() AS report_date,
        EXTRACT(YEAR FROM core.report_date())::integer AS this_year,
        (SELECT min(version.as_of) FROM quality.version WHERE version.version <= (SELECT core.visible_version())) AS known_from
)

SELECT
    'school_year' AS movement_period,
    make_date(CASE WHEN moment.report_date < make_date(moment.this_year, 9, 1) THEN moment.this_year - 1 ELSE moment.this_year END, 9, 1) AS date_from,
    moment.report_date AS date_to,
    moment.known_from
FROM moment
UNION ALL
SELECT
    'twelve_months' AS movement_period,
    make_date(CASE WHEN moment.report_date < make_date(moment.this_year, 9, 20) THEN moment.this_year - 2 ELSE moment.this_year - 1 END, 9, 20) AS date_from,
    make_date(CASE WHEN moment.report_date < make_date(moment.this_year, 9, 20) THEN moment.this_year - 1 ELSE moment.this_year END, 9, 20) AS date_to,
    moment.known_from
FROM moment
