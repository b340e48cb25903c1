-- One row per general-education enrolment of a living pupil in force on the counting date (the last 20 September), also of those who left since;
-- `place` 1 is the one counted.
-- built
WITH moment AS MATERIALIZED (
    SELECT make_date(
        EXTRACT(YEAR FROM core.report_date())::integer
        - CASE WHEN (EXTRACT(MONTH FROM core.report_date()), EXTRACT(DAY FROM core.report_date())) < (9, 20) THEN 1 ELSE 0 END,
        9, 20
    ) AS counting_date
),

in_force AS (
    SELECT
        moment.counting_date,
        enrolment_told.*
    FROM moment
    INNER JOIN marts.enrolment_told
        ON enrolment_told.valid_from <= moment.counting_date
        AND (enrolment_told.valid_to IS NULL OR enrolment_told.valid_to > moment.counting_date)
)

SELECT
    in_force.counting_date,
    in_force.pupil_id,
    in_force.organisation_key,
    in_force.grade,
    in_force.class_letter,
    in_force.study_form,
    in_force.shift,
    in_force.valid_from,
    in_force.source,
    in_force.record_id,
    pupil.sex,
    pupil.birth_date,
    pupil.citizenship,
    row_number() OVER (
        PARTITION BY in_force.pupil_id
        ORDER BY in_force.valid_from DESC, in_force.organisation_key, in_force.grade DESC, in_force.class_letter, in_force.record_id
    )::integer AS place
FROM in_force
INNER JOIN marts.pupil ON pupil.pupil_id = in_force.pupil_id
WHERE pupil.death_date IS NULL OR pupil.death_date > in_force.counting_date
