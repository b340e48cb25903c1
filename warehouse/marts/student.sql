-- One row per student of a programme of a university on the report date: form, year of entry, results and debts there.
WITH result AS (
    SELECT
        exam_outcome.pupil_id,
        exam_outcome.organisation_key,
        count(*)::integer AS result_count,
        count(*) FILTER (WHERE NOT exam_outcome.is_passed)::integer AS debt_count
    FROM marts.exam_outcome
    GROUP BY exam_outcome.pupil_id, exam_outcome.organisation_key
)

SELECT
    student_stay.pupil_id,
    student_stay.source,
    student_stay.record_id,
    student_stay.organisation_key,
    student_stay.organisation_name,
    student_stay.programme_code,
    student_stay.programme_title,
    student_stay.study_form,
    student_stay.sex,
    student_stay.entry_year,
    COALESCE(result.result_count, 0) AS result_count,
    COALESCE(result.debt_count, 0) AS debt_count
FROM marts.student_stay
LEFT JOIN result ON result.pupil_id = student_stay.pupil_id AND result.organisation_key = student_stay.organisation_key
WHERE student_stay.is_current AND student_stay.place = 1
