-- One row per interval of study of one child in one class or group of one organisation, as one record says it (`record_id`).
SELECT
    enrolment.record_id,
    enrolment.pupil_id,
    enrolment.organisation_key,
    enrolment.programme,
    enrolment.grade,
    enrolment.class_letter,
    enrolment.study_form,
    enrolment.shift,
    enrolment.valid_from,
    enrolment.valid_to,
    enrolment.exit_reason,
    EXTRACT(YEAR FROM enrolment.valid_from - INTERVAL '8 months')::integer AS school_year
FROM marts.enrolment
