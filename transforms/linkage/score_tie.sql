-- One row per scored pair of clusters with a rival that is another child: acts or numbers of their own, names that contradict
-- (unless the cluster between them tells of a change of name), or a score below the bar to stay.
WITH changed AS (
    SELECT DISTINCT cluster.root FROM cluster JOIN person ON person.n = cluster.n WHERE person.has_previous
), exclusive AS (
    SELECT rival.root, rival.root_a, rival.root_b
    FROM rival
    JOIN cluster_profile AS p ON p.root = rival.root_a
    JOIN cluster_profile AS q ON q.root = rival.root_b
    JOIN rival_loudest AS loudest ON loudest.root_a = rival.root_a AND loudest.root_b = rival.root_b
    LEFT JOIN rival_comparison AS compared ON compared.a = loudest.a AND compared.b = loudest.b
    LEFT JOIN changed ON changed.root = rival.root
    LEFT JOIN asked_between AS asked ON asked.root_a = rival.root_a AND asked.root_b = rival.root_b
    WHERE asked.root_a IS NULL
      AND ((p.has_act AND q.has_act) OR (p.has_snils AND q.has_snils) OR loudest.weight < (SELECT bar_stay FROM setting)
           OR (compared.level = 2 AND changed.root IS NULL))
)
SELECT DISTINCT least(root, root_a) AS root_a, greatest(root, root_a) AS root_b FROM exclusive
UNION
SELECT DISTINCT least(root, root_b), greatest(root, root_b) FROM exclusive
