-- One row per record of the final clusters: the strongest edge that holds it there, if it is not alone.
WITH side AS (
    SELECT a AS n, b AS other, rule, weight, agreement FROM kept_edge
    UNION ALL
    SELECT b, a, rule, weight, agreement FROM kept_edge
), strongest AS (
    SELECT n, other, rule, weight,
           row_number() OVER (PARTITION BY n ORDER BY weight DESC, agreement DESC, other) AS place
    FROM side
)
SELECT cluster.n, cluster.root, count(*) OVER (PARTITION BY cluster.root) AS members, strongest.rule, strongest.weight, strongest.other
FROM cluster
LEFT JOIN strongest ON strongest.n = cluster.n AND strongest.place = 1
