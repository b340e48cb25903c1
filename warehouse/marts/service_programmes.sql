-- One row per organisation and programme (with its title where the sender names one): children and students who take it on the report date.
SELECT
    municipality.name AS municipality,
    enrolment.organisation_key,
    organisation.organisation_name,
    enrolment.programme,
    programme.name AS programme_name,
    enrolment.programme_title,
    enrolment.programme_code,
    enrolment.study_form,
    count(DISTINCT enrolment.pupil_id)::integer AS pupil_count
FROM marts.enrolment
INNER JOIN marts.pupil ON pupil.pupil_id = enrolment.pupil_id
LEFT JOIN core.programme ON programme.code = enrolment.programme
LEFT JOIN marts.organisation ON organisation.organisation_key = enrolment.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
WHERE
    enrolment.valid_from <= (SELECT core.report_date()) AND (enrolment.valid_to IS NULL OR enrolment.valid_to > (SELECT core.report_date()))
    AND (pupil.death_date IS NULL OR pupil.death_date > (SELECT core.report_date()))
GROUP BY
    municipality.name, enrolment.organisation_key, organisation.organisation_name, enrolment.programme, programme.name, enrolment.programme_title,
    enrolment.programme_code, enrolment.study_form
