-- One row per two ways to tell of one pupil that only a score brought together: each two must keep the bar to stay.
SELECT DISTINCT '0' AS match_key, x.id AS join_key_l, y.id AS join_key_r
FROM component
JOIN spoken AS x ON x.n = component.n
JOIN component AS other ON other.root = component.root
JOIN spoken AS y ON y.n = other.n AND x.id < y.id AND x.root <> y.root
