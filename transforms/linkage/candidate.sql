-- One row per pair of records and strong rule that speaks for it (a < b): heads of a value with each other, the rest with their head.
WITH head AS (
    SELECT rule, value, n FROM evidence WHERE n = head
)
SELECT DISTINCT x.n AS a, y.n AS b, x.rule, x.value
FROM head AS x
JOIN head AS y ON y.rule = x.rule AND y.value = x.value AND x.n < y.n
UNION ALL
SELECT DISTINCT head, n, rule, value
FROM evidence
WHERE n <> head
UNION ALL
SELECT least(x.n, y.n), greatest(x.n, y.n), 'decision', ''
FROM decision
JOIN person AS x ON x.record_id = decision.record_id_a
JOIN person AS y ON y.record_id = decision.record_id_b
WHERE decision.verdict = 'same' AND x.n <> y.n
