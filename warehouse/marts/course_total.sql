-- One row per university, programme, discipline and semester: how many students have it in their plans.
SELECT
    student_course.organisation_key,
    student_course.organisation_name,
    student_course.programme_code,
    student_course.programme_title,
    student_course.discipline,
    student_course.semester,
    count(DISTINCT student_course.pupil_id)::integer AS student_count
FROM marts.student_course
GROUP BY
    student_course.organisation_key, student_course.organisation_name, student_course.programme_code, student_course.programme_title,
    student_course.discipline, student_course.semester
