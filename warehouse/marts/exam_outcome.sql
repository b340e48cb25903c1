-- One row per student, university, discipline, semester and kind of mark: how many attempts, the best of them, passed or a debt.
-- built
SELECT
    exam.pupil_id,
    exam.organisation_key,
    organisation.organisation_name,
    exam.discipline,
    exam.semester,
    exam.mark_type,
    min(exam.source) AS source,
    min(exam.record_id) AS record_id,
    count(*)::integer AS attempt_count,
    max(exam.exam_value) AS best_value,
    bool_or(exam.is_passed) AS is_passed
FROM marts.exam
LEFT JOIN marts.organisation ON organisation.organisation_key = exam.organisation_key
GROUP BY exam.pupil_id, exam.organisation_key, organisation.organisation_name, exam.discipline, exam.semester, exam.mark_type
