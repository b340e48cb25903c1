-- One row per student, programme, discipline and semester of the plans the student follows.
SELECT
    student_course.pupil_id,
    student_course.record_id,
    student_course.source,
    student_course.organisation_name,
    student_course.organisation_key,
    student_course.programme_code,
    student_course.programme_title,
    student_course.discipline,
    student_course.semester
FROM marts.student_course
ORDER BY student_course.organisation_key, student_course.programme_code, student_course.semester, student_course.discipline, student_course.pupil_id
