-- One row per pair of records in different pupils that somebody should look at: contradicted evidence, edges the constraints dropped,
-- scores between the bars.
WITH asked AS (
    SELECT a, b, weight, reasons FROM judged WHERE NOT joins
    UNION ALL
    SELECT a, b, weight, [rule || '.' || reason] FROM dropped_edge
    UNION ALL
    SELECT a, b, weight, reasons FROM rule_score WHERE NOT joins
)
SELECT asked.a, asked.b, max(asked.weight) AS weight, flatten(list(asked.reasons)) AS reasons
FROM asked
JOIN settled AS x ON x.n = asked.a
JOIN settled AS y ON y.n = asked.b AND y.root <> x.root
WHERE NOT EXISTS (
    SELECT 1
    FROM decision
    JOIN person AS p ON p.record_id = decision.record_id_a
    JOIN person AS q ON q.record_id = decision.record_id_b
    WHERE decision.verdict = 'different' AND least(p.n, q.n) = asked.a AND greatest(p.n, q.n) = asked.b)
GROUP BY asked.a, asked.b
