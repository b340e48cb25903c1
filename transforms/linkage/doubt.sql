-- One row per pair of records in different pupils that somebody should look at: contradicted evidence, edges the constraints dropped,
-- scores between the bars.
WITH asked AS (
    SELECT a, b, weight, reasons FROM judged WHERE NOT joins
    UNION ALL
    SELECT a, b, weight, [rule || '.' || reason] FROM dropped_edge
    UNION ALL
    SELECT a, b, weight, reasons FROM rule_score WHERE NOT joins
), parted AS (
    SELECT DISTINCT least(x.root, y.root) AS root_a, greatest(x.root, y.root) AS root_b
    FROM decision
    JOIN person AS p ON p.record_id = decision.record_id_a
    JOIN person AS q ON q.record_id = decision.record_id_b
    JOIN settled AS x ON x.n = p.n
    JOIN settled AS y ON y.n = q.n
    WHERE decision.verdict = 'different'
)
SELECT asked.a, asked.b, max(asked.weight) AS weight, flatten(list(asked.reasons)) AS reasons
FROM asked
JOIN settled AS x ON x.n = asked.a
JOIN settled AS y ON y.n = asked.b AND y.root <> x.root
WHERE NOT EXISTS (SELECT 1 FROM parted WHERE parted.root_a = least(x.root, y.root) AND parted.root_b = greatest(x.root, y.root))
GROUP BY asked.a, asked.b
