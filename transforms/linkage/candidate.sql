-- One row per pair of records and strong rule that speaks for it (a < b), of records that say different things.
SELECT least(x.head, y.head) AS a, greatest(x.head, y.head) AS b, x.rule, x.value
FROM evidence AS x
JOIN evidence AS y ON y.value = x.value AND x.head < y.head
WHERE x.identities > 1 AND y.identities > 1
UNION ALL
SELECT least(x.n, y.n), greatest(x.n, y.n), 'decision', 0
FROM decision
JOIN person AS x ON x.record_id = decision.record_id_a
JOIN person AS y ON y.record_id = decision.record_id_b
WHERE decision.verdict = 'same' AND x.n <> y.n
