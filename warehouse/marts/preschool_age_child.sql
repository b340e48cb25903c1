-- One row per child born, living and not known to live elsewhere on the counting date of 85-К, younger than 8 full years at the 1 January after it: who has a place.
-- built
WITH moment AS MATERIALIZED (
    SELECT
        counted.counting_date,
        make_date(EXTRACT(YEAR FROM counted.counting_date)::integer + 1, 1, 1) AS age_date
    FROM (
        SELECT CASE
            WHEN EXTRACT(MONTH FROM core.report_date()) = 1 THEN make_date(EXTRACT(YEAR FROM core.report_date())::integer - 1, 12, 31)
            ELSE core.report_date()
        END AS counting_date
    ) AS counted
),

enrolled AS (
    SELECT
        enrolment.pupil_id,
        bool_or(enrolment.programme = 'preschool') AS is_in_kindergarten,
        bool_or(enrolment.programme <> 'preschool') AS is_enrolled
    FROM moment
    INNER JOIN marts.enrolment
        ON enrolment.valid_from <= moment.counting_date
        AND (enrolment.valid_to IS NULL OR enrolment.valid_to > moment.counting_date)
    GROUP BY enrolment.pupil_id
)

SELECT
    moment.counting_date,
    moment.age_date,
    pupil.pupil_id,
    pupil.sex,
    pupil.oktmo,
    pupil.is_resident IS NOT NULL AS is_residence_known,
    date_trunc('month', pupil.birth_date)::date AS birth_month,
    EXTRACT(YEAR FROM age(moment.age_date, pupil.birth_date))::integer AS age_years,
    COALESCE(enrolled.is_in_kindergarten, FALSE) AS is_in_kindergarten,
    COALESCE(enrolled.is_enrolled, FALSE) AS is_enrolled
FROM moment
INNER JOIN marts.pupil
    ON pupil.birth_date <= moment.counting_date
    AND pupil.birth_date > moment.age_date - INTERVAL '8 years'
LEFT JOIN enrolled ON enrolled.pupil_id = pupil.pupil_id
WHERE pupil.is_resident IS NOT FALSE AND (pupil.death_date IS NULL OR pupil.death_date > moment.counting_date)
