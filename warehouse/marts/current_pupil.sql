-- One row per pupil of general education on the report date, in the later of several enrolments: school days since 1 September and the least lessons in them.
-- built
WITH moment AS MATERIALIZED (
    SELECT
        core.report_date() AS report_date,
        make_date(EXTRACT(YEAR FROM core.report_date() - INTERVAL '8 months')::integer, 9, 1) AS year_start
),

span AS (
    SELECT
        class_member.pupil_id,
        min(GREATEST(class_member.valid_from, moment.year_start)) AS first_date,
        min(class_member.place) FILTER (WHERE class_member.valid_to IS NULL OR class_member.valid_to > moment.report_date) AS place
    FROM moment
    INNER JOIN marts.class_member ON class_member.valid_to IS NULL OR class_member.valid_to > moment.year_start
    GROUP BY class_member.pupil_id
),

change AS (
    SELECT
        class_member.pupil_id,
        count(DISTINCT class_member.organisation_key)::integer AS school_change_count
    FROM moment
    INNER JOIN marts.class_member ON class_member.valid_from > moment.year_start
    WHERE
        class_member.record_count > 1
        AND EXISTS (
            SELECT 1
            FROM marts.class_member AS earlier
            WHERE
                earlier.pupil_id = class_member.pupil_id AND earlier.organisation_key <> class_member.organisation_key
                AND earlier.valid_from < class_member.valid_from
                AND (earlier.valid_to IS NULL OR earlier.valid_to > moment.year_start)
        )
    GROUP BY class_member.pupil_id
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
    moment.report_date,
    class_member.pupil_id,
    class_member.record_id,
    class_member.source,
    municipality.name AS municipality,
    class_member.organisation_key,
    organisation.organisation_name,
    class_member.grade,
    class_member.class_letter,
    NULLIF(concat(class_member.grade, class_member.class_letter), '') AS class_name,
    class_member.study_form,
    COALESCE(change.school_change_count, 0) AS school_change_count,
    today.day_number - COALESCE(before.day_number, 0) AS school_day_count,
    CASE WHEN class_member.study_form <> 'family'
        THEN (today.day_number - COALESCE(before.day_number, 0)) * load.hours_a_year::numeric / (5 * load.weeks)
    END AS least_lessons
FROM moment
INNER JOIN span ON span.place IS NOT NULL
INNER JOIN marts.class_member ON class_member.pupil_id = span.pupil_id AND class_member.place = span.place
INNER JOIN marts.pupil ON pupil.pupil_id = class_member.pupil_id
LEFT JOIN change ON change.pupil_id = span.pupil_id
LEFT JOIN load ON load.grade = class_member.grade
LEFT JOIN marts.school_day AS today ON today.lesson_date = moment.report_date
LEFT JOIN marts.school_day AS before ON before.lesson_date = span.first_date - 1
LEFT JOIN marts.organisation ON organisation.organisation_key = class_member.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
WHERE pupil.death_date IS NULL OR pupil.death_date > moment.report_date
