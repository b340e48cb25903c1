-- One row per record of the final clusters: the strongest edge that holds it there, if it is not alone.
WITH side AS (
    SELECT a AS n, b AS other, rule, weight, agreement FROM kept_edge
    UNION ALL
    SELECT b, a, rule, weight, agreement FROM kept_edge
), strongest AS (
    SELECT n, arg_max({'rule': rule, 'weight': weight, 'other': other}, (weight, agreement, -other)) AS edge
    FROM side
    GROUP BY n
), sized AS (
    SELECT root, count(*) AS members FROM cluster GROUP BY root
)
SELECT cluster.n, cluster.root, sized.members, strongest.edge.rule AS rule, strongest.edge.weight AS weight, strongest.edge.other AS other
FROM cluster
JOIN sized ON sized.root = cluster.root
LEFT JOIN strongest ON strongest.n = cluster.n
