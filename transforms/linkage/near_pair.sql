-- One row per two clusters' records that agree in all but one part of name and birth date (or in all, with a birth date that is not whole)
-- and carry neither a number nor an act that differs (a certificate may be a new one).
WITH cluster_identity AS (
    SELECT cluster.root, min(cluster.n) AS n
    FROM cluster
    JOIN person ON person.n = cluster.n
    WHERE person.birth IS NOT NULL AND person.family IS NOT NULL AND person.given IS NOT NULL
    GROUP BY cluster.root, person.identity
), dated AS (
    SELECT DISTINCT cluster.root FROM cluster JOIN person ON person.n = cluster.n WHERE length(person.birth) = 8
), spoken AS (
    SELECT cluster_identity.root, person.n, person.family, person.given, coalesce(person.patronymic, '') AS patronymic, person.birth
    FROM cluster_identity
    JOIN person ON person.n = cluster_identity.n
    LEFT JOIN dated ON dated.root = cluster_identity.root
    WHERE length(person.birth) = 8 OR dated.root IS NULL
), keyed AS (
    SELECT root, n, FALSE AS is_partial, unnest([
        concat_ws('|', 'family', given, patronymic, birth),
        concat_ws('|', 'given', family, patronymic, birth),
        concat_ws('|', 'patronymic', family, given, birth),
        concat_ws('|', 'day', family, given, patronymic, left(birth, 6)),
        concat_ws('|', 'month', family, given, patronymic, left(birth, 4), substr(birth, 7, 2)),
        concat_ws('|', 'year', family, given, patronymic, substr(birth, 5, 4)),
        concat_ws('|', 'swap', family, given, patronymic, left(birth, 4), least(substr(birth, 5, 2), substr(birth, 7, 2)),
                  greatest(substr(birth, 5, 2), substr(birth, 7, 2)))]) AS key
    FROM spoken
    WHERE length(birth) = 8
    UNION ALL
    SELECT root, n, length(birth) < 8, concat_ws('|', 'within', family, given, patronymic, left(birth, 4)) FROM spoken
), sharing AS (
    SELECT key FROM keyed GROUP BY key HAVING count(DISTINCT root) BETWEEN 2 AND (SELECT shared_by_more_than FROM setting)
       AND (bool_or(is_partial) OR NOT starts_with(key, 'within|'))
)
SELECT DISTINCT x.n AS a, y.n AS b
FROM sharing
JOIN keyed AS x ON x.key = sharing.key
JOIN keyed AS y ON y.key = sharing.key AND x.n < y.n AND x.root <> y.root
    AND (x.is_partial OR y.is_partial OR NOT starts_with(x.key, 'within|'))
JOIN cluster_profile AS p ON p.root = x.root
JOIN cluster_profile AS q ON q.root = y.root
WHERE NOT (p.has_snils AND q.has_snils) AND NOT (p.has_act AND q.has_act)
