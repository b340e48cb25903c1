-- One row per record: the pupil it belongs to, and the rule, weight and record that hold it there.
SELECT person.record_id, assignment.pupil_id, settled.rule, CAST(settled.weight AS DOUBLE) AS weight, evidence.record_id AS evidence_record_id,
       CASE WHEN review.record_id IS NOT NULL THEN 'review' WHEN settled.members > 1 THEN 'auto' ELSE 'new' END AS status
FROM settled
JOIN person ON person.n = settled.n
JOIN assignment ON assignment.root = settled.root
LEFT JOIN person AS evidence ON evidence.n = settled.other
LEFT JOIN (SELECT DISTINCT record_id FROM review) AS review ON review.record_id = person.record_id
ORDER BY person.n
