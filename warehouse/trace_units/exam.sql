-- One row per student, discipline, semester and kind of mark, by the best attempt.
SELECT
    exam_outcome.pupil_id,
    exam_outcome.record_id,
    exam_outcome.source,
    exam_outcome.organisation_name,
    exam_outcome.organisation_key,
    exam_outcome.discipline,
    exam_outcome.semester,
    exam_outcome.mark_type,
    exam_outcome.attempt_count,
    exam_outcome.best_value,
    exam_outcome.is_passed
FROM marts.exam_outcome
ORDER BY exam_outcome.organisation_key, exam_outcome.discipline, exam_outcome.semester, exam_outcome.pupil_id
