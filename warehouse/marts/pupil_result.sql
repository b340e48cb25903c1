-- One row per pupil of the report date and finished period of this school year (or finished year) that gave final marks: the worst those marks say.
-- A period is finished on its last day; where the calendar does not name that day, on the first of the month after its usual end.
-- built
WITH roll AS MATERIALIZED (
    SELECT
        movement_event.pupil_id,
        movement_event.organisation_key,
        movement_event.grade
    FROM marts.movement_event
    WHERE movement_event.movement_period = 'school_year' AND movement_event.movement_event = 'end'
),

told AS (
    SELECT DISTINCT
        final_mark.period,
        left(final_mark.period, 4)::integer AS school_year,
        split_part(final_mark.period, '-', 2) AS period_code
    FROM marts.final_mark
),

finished AS (
    SELECT
        told.period,
        left(told.period_code, 1) AS period_kind,
        COALESCE((period.attributes ->> 'last_day')::date, CASE told.period_code
            WHEN 'Q1' THEN make_date(told.school_year, 11, 1)
            WHEN 'T1' THEN make_date(told.school_year, 12, 1)
            WHEN 'Q2' THEN make_date(told.school_year + 1, 1, 1)
            WHEN 'H1' THEN make_date(told.school_year + 1, 1, 1)
            WHEN 'T2' THEN make_date(told.school_year + 1, 3, 1)
            WHEN 'Q3' THEN make_date(told.school_year + 1, 4, 1)
            ELSE make_date(told.school_year + 1, 6, 1)
        END) AS last_day
    FROM told
    LEFT JOIN core.period ON period.code = told.period
    CROSS JOIN marts.movement_period
    WHERE
        movement_period.movement_period = 'school_year'
        AND (told.school_year = EXTRACT(YEAR FROM movement_period.date_from) OR told.period_code = 'Y')
),

mark AS (
    SELECT
        final_mark.pupil_id,
        final_mark.period,
        min(final_mark.mark_value) AS lowest,
        bool_or(final_mark.mark_value IS NULL AND final_mark.mark_text ~* '^(н/?а|не ?ат)') AS has_unattested
    FROM marts.final_mark
    GROUP BY final_mark.pupil_id, final_mark.period
),

result AS (
    SELECT
        roll.pupil_id,
        roll.organisation_key,
        roll.grade,
        finished.period,
        finished.period_kind,
        CASE
            WHEN mark.lowest <= 2 THEN 'failing'
            WHEN mark.has_unattested THEN 'not_attested'
            WHEN mark.lowest = 3 THEN 'satisfactory'
            WHEN mark.lowest = 4 THEN 'good'
            WHEN mark.lowest = 5 THEN 'excellent'
            ELSE 'credit_only'
        END AS period_result,
        rank() OVER (PARTITION BY roll.organisation_key, finished.period_kind ORDER BY finished.last_day DESC) AS place
    FROM roll
    INNER JOIN mark ON mark.pupil_id = roll.pupil_id
    INNER JOIN finished ON finished.period = mark.period
    WHERE finished.last_day <= (SELECT core.report_date())
)

SELECT
    result.pupil_id,
    result.organisation_key,
    result.grade,
    result.period,
    result.period_kind,
    result.period_result
FROM result
WHERE result.place = 1
