-- One row per result of one student in one discipline and semester; a resit is one more row.
SELECT
    exam.record_id,
    exam.pupil_id,
    exam.organisation_key,
    exam.discipline,
    exam.semester,
    exam.mark_type,
    exam.exam_value,
    exam.is_passed
FROM marts.exam
