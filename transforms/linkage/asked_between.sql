-- One row per two clusters that strong evidence would have joined but for a promise of their source: likely one child, a person is asked.
SELECT DISTINCT least(x.root, y.root) AS root_a, greatest(x.root, y.root) AS root_b
FROM dropped_edge
JOIN cluster AS x ON x.n = dropped_edge.a
JOIN cluster AS y ON y.n = dropped_edge.b
WHERE dropped_edge.reason = 'one_record_source'
