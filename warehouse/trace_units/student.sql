-- One row per student of a programme on the report date: what the counts of students and of those with debts are made of.
SELECT
    student.pupil_id,
    student.record_id,
    student.source,
    student.organisation_name,
    student.organisation_key,
    student.programme_code,
    student.programme_title,
    student.study_form,
    student.entry_year,
    student.sex,
    student.result_count,
    student.debt_count
FROM marts.student
ORDER BY student.organisation_key, student.programme_code, student.pupil_id
