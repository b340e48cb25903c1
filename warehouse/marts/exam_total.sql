-- One row per university, discipline, semester and kind of mark (`exam_level` exam), per university and kind (kind), per university, and for all (region).
SELECT
    CASE
        WHEN grouping(exam_outcome.discipline) = 0 THEN 'exam'
        WHEN grouping(exam_outcome.mark_type) = 0 THEN 'kind'
        WHEN grouping(exam_outcome.organisation_key) = 0 THEN 'university'
        ELSE 'region'
    END AS exam_level,
    exam_outcome.organisation_key,
    exam_outcome.organisation_name,
    exam_outcome.discipline,
    exam_outcome.semester,
    exam_outcome.mark_type,
    count(*)::integer AS result_count,
    count(*) FILTER (WHERE exam_outcome.is_passed)::integer AS passed_count,
    count(*) FILTER (WHERE NOT exam_outcome.is_passed)::integer AS debt_count,
    count(DISTINCT exam_outcome.pupil_id)::integer AS student_count,
    count(DISTINCT exam_outcome.pupil_id) FILTER (WHERE NOT exam_outcome.is_passed)::integer AS debtor_count,
    CASE
        WHEN grouping(exam_outcome.mark_type) = 0 AND exam_outcome.mark_type <> 'CREDIT' THEN sum(exam_outcome.best_value)::integer
    END AS value_sum
FROM marts.exam_outcome
GROUP BY GROUPING SETS (
    (exam_outcome.organisation_key, exam_outcome.organisation_name, exam_outcome.discipline, exam_outcome.semester, exam_outcome.mark_type),
    (exam_outcome.organisation_key, exam_outcome.organisation_name, exam_outcome.mark_type),
    (exam_outcome.organisation_key, exam_outcome.organisation_name),
    ()
)
