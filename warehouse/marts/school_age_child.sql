-- One row per living child not known to live elsewhere, aged 7 to 17 (full years at the last 1 January): whether any organisation has the child on the report date.
-- built
WITH moment AS MATERIALIZED (
    SELECT
        core.report_date() AS report_date,
        make_date(EXTRACT(YEAR FROM core.report_date())::integer, 1, 1) AS age_date
),

child AS (
    SELECT
        moment.report_date,
        moment.age_date,
        pupil.pupil_id,
        pupil.sex,
        pupil.oktmo,
        pupil.is_rural,
        pupil.is_resident IS NOT NULL AS is_residence_known,
        EXTRACT(YEAR FROM age(moment.age_date, pupil.birth_date))::integer AS age_years
    FROM moment
    INNER JOIN marts.pupil
        ON pupil.birth_date <= moment.age_date - INTERVAL '7 years'
        AND pupil.birth_date > moment.age_date - INTERVAL '18 years'
    WHERE pupil.is_resident IS NOT FALSE AND (pupil.death_date IS NULL OR pupil.death_date > moment.report_date)
),

enrolled AS (
    SELECT
        enrolment.pupil_id,
        bool_or(enrolment.programme <> 'preschool') AS is_enrolled,
        bool_or(enrolment.study_form = 'family') AS is_family_form
    FROM moment
    INNER JOIN marts.enrolment
        ON enrolment.valid_from <= moment.report_date
        AND (enrolment.valid_to IS NULL OR enrolment.valid_to > moment.report_date)
    GROUP BY enrolment.pupil_id
)

SELECT
    child.report_date,
    child.age_date,
    child.pupil_id,
    child.sex,
    child.oktmo,
    child.is_rural,
    child.is_residence_known,
    child.age_years,
    COALESCE(enrolled.is_enrolled, FALSE) AS is_enrolled,
    COALESCE(enrolled.is_family_form, FALSE) AS is_family_form,
    enrolled.pupil_id IS NOT NULL AND NOT enrolled.is_enrolled AS is_in_kindergarten
FROM child
LEFT JOIN enrolled ON enrolled.pupil_id = child.pupil_id
