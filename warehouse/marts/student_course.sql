-- One row per student, programme of a university, discipline and semester of the plans the student follows.
SELECT DISTINCT
    course.pupil_id,
    course.source,
    course.record_id,
    course.organisation_key,
    organisation.organisation_name,
    course.programme_code,
    course.programme_title,
    course.discipline,
    course.semester
FROM marts.course
LEFT JOIN marts.organisation ON organisation.organisation_key = course.organisation_key
