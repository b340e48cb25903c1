-- Rule `name`: the same full name and birth date in clusters of one name group, joined where unique (`joins`) or asked about.
WITH member AS (
    SELECT name_group.key, cluster.root, min(cluster.n) AS n
    FROM alias
    JOIN person ON person.n = alias.n AND length(person.birth) = 8
    JOIN cluster ON cluster.n = alias.n
    JOIN name_group ON name_group.key = concat_ws('|', alias.family, alias.given, coalesce(alias.patronymic, ''), person.birth)
    WHERE alias.family IS NOT NULL AND length(alias.given) > 1 AND name_group.clusters <= (SELECT shared_by_more_than FROM setting)
    GROUP BY name_group.key, cluster.root
)
SELECT x.n AS a, y.n AS b, 'name' AS rule, max(name_group.weight) AS weight, 4 AS agreement, bool_and(name_group.joins) AS joins,
       list_sort(list_distinct(flatten(list(name_group.reasons)))) AS reasons
FROM member AS x
JOIN member AS y ON y.key = x.key AND x.n < y.n AND x.root <> y.root
JOIN name_group ON name_group.key = x.key
WHERE name_group.kinds_differ < 2
GROUP BY x.n, y.n
