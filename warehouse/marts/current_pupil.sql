-- One row per pupil of general education on the report date, in the later of several enrolments: school days since 1 September and the least lessons in them.
-- built
WITH moment AS MATERIALIZED (
    SELECT
        core.report_date() AS report_date,
        make_date(EXTRACT(YEAR FROM core.report_date() - INTERVAL '8 months')::integer, 9, 1) AS year_start
),

-- Windows and hashed look-ups only: how many pupils there are cannot be guessed by the planner, and a nested loop would not end.
enrolled AS (
    SELECT
        moment.report_date,
        class_member.*,
        GREATEST(class_member.valid_from, moment.year_start) AS first_date,
        class_member.valid_to IS NULL OR class_member.valid_to > moment.report_date AS is_current,
        class_member.valid_from > moment.year_start
        AND class_member.organisation_key <> lag(class_member.organisation_key) OVER (
            PARTITION BY class_member.pupil_id ORDER BY class_member.place DESC
        ) AS is_change
    FROM moment
    INNER JOIN marts.class_member ON class_member.valid_to IS NULL OR class_member.valid_to > moment.year_start
),

ranked AS (
    SELECT
        enrolled.*,
        min(enrolled.first_date) OVER (PARTITION BY enrolled.pupil_id) AS first_date_of_all,
        count(*) FILTER (WHERE enrolled.is_change) OVER (PARTITION BY enrolled.pupil_id)::integer AS school_change_count,
        row_number() OVER (PARTITION BY enrolled.pupil_id ORDER BY enrolled.is_current DESC, enrolled.place) AS current_place
    FROM enrolled
),

load AS (
    SELECT
        code.code::integer AS grade,
        (code.attributes ->> 'hours_a_year')::integer AS hours_a_year,
        (code.attributes ->> 'weeks')::integer AS weeks
    FROM codes.code
    WHERE code.code_list = 'lesson_load'
)

SELECT
    ranked.report_date,
    ranked.pupil_id,
    ranked.record_id,
    ranked.source,
    municipality.name AS municipality,
    ranked.organisation_key,
    organisation.organisation_name,
    ranked.grade,
    ranked.class_letter,
    NULLIF(concat(ranked.grade, ranked.class_letter), '') AS class_name,
    ranked.study_form,
    ranked.school_change_count,
    today.day_number - COALESCE(before.day_number, 0) AS school_day_count,
    CASE
        WHEN ranked.study_form <> 'family' THEN (today.day_number - COALESCE(before.day_number, 0)) * load.hours_a_year::numeric / (5 * load.weeks)
    END AS least_lessons
FROM ranked
LEFT JOIN load ON load.grade = ranked.grade
LEFT JOIN marts.school_day AS today ON today.lesson_date = ranked.report_date
LEFT JOIN marts.school_day AS before ON before.lesson_date = ranked.first_date_of_all - 1
LEFT JOIN marts.organisation ON organisation.organisation_key = ranked.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
WHERE
    ranked.is_current AND ranked.current_place = 1
    AND ranked.pupil_id NOT IN (SELECT pupil.pupil_id FROM marts.pupil WHERE pupil.death_date <= (SELECT core.report_date()))
