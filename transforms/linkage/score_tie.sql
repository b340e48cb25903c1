-- One row per scored pair of clusters with a rival: another cluster that comes as near to one of the two and is not the same child as the other.
WITH side AS (
    SELECT root_a AS root, root_b AS other, weight FROM score_fact
    UNION ALL
    SELECT root_b, root_a, weight FROM score_fact
)
SELECT DISTINCT least(x.root, x.other) AS root_a, greatest(x.root, x.other) AS root_b
FROM side AS x
JOIN side AS y ON y.root = x.root AND y.other <> x.other AND y.weight > x.weight - (SELECT bar_margin FROM setting)
LEFT JOIN score_fact AS between_them ON between_them.root_a = least(x.other, y.other) AND between_them.root_b = greatest(x.other, y.other)
WHERE between_them.root_a IS NULL
