-- One row per preschool enrolment of a living child in force on the counting date of 85-К (the report date; in January the 31 December before it);
-- `place` 1 is the one counted.
-- built
WITH moment AS MATERIALIZED (
    SELECT CASE
        WHEN EXTRACT(MONTH FROM core.report_date()) = 1 THEN make_date(EXTRACT(YEAR FROM core.report_date())::integer - 1, 12, 31)
        ELSE core.report_date()
    END AS counting_date
),

in_force AS (
    SELECT
        moment.counting_date,
        make_date(EXTRACT(YEAR FROM moment.counting_date)::integer + 1, 1, 1) AS age_date,
        enrolment.*
    FROM moment
    INNER JOIN marts.enrolment
        ON enrolment.valid_from <= moment.counting_date
        AND (enrolment.valid_to IS NULL OR enrolment.valid_to > moment.counting_date)
    WHERE enrolment.programme = 'preschool'
)

SELECT
    in_force.counting_date,
    in_force.age_date,
    in_force.pupil_id,
    in_force.organisation_key,
    in_force.class_letter,
    in_force.valid_from,
    in_force.source,
    in_force.record_id,
    pupil.sex,
    pupil.citizenship,
    EXTRACT(YEAR FROM age(in_force.age_date, pupil.birth_date))::integer AS age_years,
    row_number() OVER (
        PARTITION BY in_force.pupil_id
        ORDER BY in_force.valid_from DESC, in_force.organisation_key, in_force.class_letter, in_force.record_id
    )::integer AS place
FROM in_force
INNER JOIN marts.pupil ON pupil.pupil_id = in_force.pupil_id
WHERE pupil.death_date IS NULL OR pupil.death_date > in_force.counting_date
