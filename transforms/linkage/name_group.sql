-- One row per full name and birth date that two or more clusters bear: the weight it has there, and what forbids to join on it.
WITH keyed AS (
    SELECT DISTINCT cluster.root, person.n, alias.patronymic IS NULL AS lacks_patronymic,
           concat_ws('|', alias.family, alias.given, coalesce(alias.patronymic, ''), person.birth) AS key
    FROM alias
    JOIN person ON person.n = alias.n
    JOIN cluster ON cluster.n = alias.n
    WHERE alias.family IS NOT NULL AND length(alias.given) > 1 AND length(person.birth) = 8
), sharing AS (
    SELECT key FROM keyed GROUP BY key HAVING count(DISTINCT root) > 1
), member AS (
    SELECT keyed.key, keyed.root, keyed.lacks_patronymic, person.n, person.source, person.sex, person.place, person.mother
    FROM keyed
    JOIN sharing ON sharing.key = keyed.key
    JOIN person ON person.n = keyed.n
), repeated AS (
    SELECT DISTINCT key
    FROM (SELECT key FROM member GROUP BY key, source HAVING count(DISTINCT root) > 1)
), carried AS (
    SELECT shared.key,
           count(*) AS clusters,
           count(*) FILTER (has_snils) > 1 AS snils_differs,
           count(*) FILTER (has_act) > 1 AS act_differs,
           count(*) FILTER (has_certificate) > 1 AS certificate_differs
    FROM (SELECT DISTINCT key, root FROM member) AS shared
    JOIN cluster_profile ON cluster_profile.root = shared.root
    GROUP BY shared.key
), stated AS (
    SELECT key, bool_or(lacks_patronymic) AS lacks_patronymic, count(DISTINCT sex) > 1 AS sex_differs,
           count(DISTINCT place) > 1 AS place_differs,
           count(DISTINCT place) = 1 AND count(DISTINCT root) FILTER (place IS NOT NULL) = count(DISTINCT root) AS place_equal,
           count(DISTINCT mother) > 1 AS mother_differs,
           count(DISTINCT mother) = 1 AND count(DISTINCT root) FILTER (mother IS NOT NULL) = count(DISTINCT root) AS mother_equal
    FROM member
    GROUP BY key
), weighed AS (
    SELECT carried.*, stated.* EXCLUDE (key), repeated.key IS NOT NULL AS is_repeated,
           rule_weight.weight + CASE WHEN lacks_patronymic THEN no_patronymic ELSE 0 END
               + CASE WHEN stated.place_differs THEN setting.place_differs WHEN stated.place_equal THEN setting.place_equal ELSE 0 END
               + CASE WHEN stated.mother_equal THEN setting.mother_equal ELSE 0 END AS weight
    FROM carried
    JOIN stated ON stated.key = carried.key
    LEFT JOIN repeated ON repeated.key = carried.key
    JOIN rule_weight ON rule_weight.rule = 'name'
    CROSS JOIN setting
)
SELECT key, clusters, weight,
       CAST(snils_differs AS INTEGER) + CAST(act_differs AS INTEGER) + CAST(certificate_differs AS INTEGER) AS kinds_differ,
       NOT (is_repeated OR snils_differs OR act_differs OR certificate_differs OR sex_differs OR mother_differs)
           AND weight >= (SELECT bar_to_join FROM setting) AS joins,
       list_filter([
           CASE WHEN is_repeated THEN 'name.not_unique' END,
           CASE WHEN snils_differs THEN 'name.snils_differs' END,
           CASE WHEN act_differs THEN 'name.act_differs' END,
           CASE WHEN certificate_differs THEN 'name.certificate_differs' END,
           CASE WHEN sex_differs THEN 'name.sex_differs' END,
           CASE WHEN mother_differs THEN 'name.mother_differs' END,
           CASE WHEN place_differs THEN 'name.place_differs' END,
           CASE WHEN lacks_patronymic THEN 'name.no_patronymic' END
       ], lambda reason: reason IS NOT NULL) AS reasons
FROM weighed
