-- One row per two rivals: the pair of records that speaks loudest for them, and its score.
SELECT least(x.root, y.root) AS root_a, greatest(x.root, y.root) AS root_b, max(scored.match_weight) AS weight,
       arg_max(least(x.n, y.n), (scored.match_weight, -least(x.n, y.n), -greatest(x.n, y.n))) AS a,
       arg_max(greatest(x.n, y.n), (scored.match_weight, -least(x.n, y.n), -greatest(x.n, y.n))) AS b
FROM rival_score AS scored
JOIN spoken AS x ON x.id = scored.unique_id_l
JOIN spoken AS y ON y.id = scored.unique_id_r
GROUP BY least(x.root, y.root), greatest(x.root, y.root)
