-- Rule `name`: the same full name (or its words in another order) and birth date in clusters of one name group, joined where unique (`joins`)
-- or asked about. Acts of their own and another number of their own make two children: nobody is asked.
WITH member AS (
    SELECT name_key.key, name_key.kind, cluster.root, min(cluster.n) AS n
    FROM name_key
    JOIN cluster ON cluster.n = name_key.n
    JOIN name_group ON name_group.key = name_key.key
    WHERE name_group.clusters <= (SELECT shared_by_more_than FROM setting)
    GROUP BY name_key.key, name_key.kind, cluster.root
)
SELECT least(min(x.n), min(y.n)) AS a, greatest(min(x.n), min(y.n)) AS b,
       CASE WHEN bool_or(name_group.rule <> 'name') THEN 'name_certificate_reissued' ELSE 'name' END AS rule,
       min(name_group.weight) AS weight, 4 AS agreement,
       bool_and(name_group.joins) AND NOT bool_and(x.kind = 'words' AND list_contains(name_group.reasons, 'name.no_patronymic')) AS joins,
       list_sort(list_distinct(list_concat(flatten(list(name_group.reasons)),
           CASE WHEN bool_and(x.kind = 'words') THEN ['name.words_permuted'] ELSE [] END))) AS reasons
FROM member AS x
JOIN member AS y ON y.key = x.key AND x.root < y.root
JOIN name_group ON name_group.key = x.key
JOIN cluster_profile AS p ON p.root = x.root
JOIN cluster_profile AS q ON q.root = y.root
WHERE NOT (p.has_act AND q.has_act AND ((p.has_snils AND q.has_snils) OR (p.has_certificate AND q.has_certificate)))
GROUP BY x.root, y.root
