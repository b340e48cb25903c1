-- One row per two clusters whose scores reach the bar to ask: the pair of records that speaks loudest for them.
WITH paired AS (
    SELECT least(x.root, y.root) AS root_a, greatest(x.root, y.root) AS root_b, least(x.n, y.n) AS a, greatest(x.n, y.n) AS b, scored.match_weight AS weight
    FROM scored
    JOIN spoken AS x ON x.id = scored.unique_id_l
    JOIN spoken AS y ON y.id = scored.unique_id_r
)
SELECT root_a, root_b, max(weight) AS weight, arg_max(a, (weight, -a, -b)) AS a, arg_max(b, (weight, -a, -b)) AS b
FROM paired
GROUP BY root_a, root_b
