-- One row per two spoken rows of two rivals: are they one child themselves?
SELECT DISTINCT '0' AS match_key, least(x.id, y.id) AS join_key_l, greatest(x.id, y.id) AS join_key_r
FROM (SELECT DISTINCT root_a, root_b FROM rival) AS rival
JOIN spoken AS x ON x.root = rival.root_a
JOIN spoken AS y ON y.root = rival.root_b
