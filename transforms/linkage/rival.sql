-- One row per cluster and two others that come near to it alike: within the margin of each other.
WITH side AS (
    SELECT root_a AS root, root_b AS other, weight FROM score_fact
    UNION ALL
    SELECT root_b, root_a, weight FROM score_fact
)
SELECT x.root, least(x.other, y.other) AS root_a, greatest(x.other, y.other) AS root_b
FROM side AS x
JOIN side AS y ON y.root = x.root AND x.other < y.other AND abs(x.weight - y.weight) < (SELECT bar_margin FROM setting)
