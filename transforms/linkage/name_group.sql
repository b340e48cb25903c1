-- One row per full name and birth date (and per set of words and birth date) that two or more clusters bear: the weight it has there,
-- and what forbids to join on it. A certificate that alone differs does not: certificates are issued anew.
WITH keyed AS (
    SELECT cluster.root, name_key.n, name_key.lacks_patronymic, name_key.key, name_key.short
    FROM name_key
    JOIN cluster ON cluster.n = name_key.n
), sharing AS (
    SELECT key FROM keyed GROUP BY key HAVING count(DISTINCT root) > 1
), member AS (
    SELECT keyed.key, keyed.short, keyed.root, keyed.lacks_patronymic, person.n, person.source, person.sex, person.place, person.mother
    FROM keyed
    JOIN sharing ON sharing.key = keyed.key
    JOIN person ON person.n = keyed.n
), short_repeated AS (
    SELECT DISTINCT keyed.short
    FROM keyed
    JOIN person ON person.n = keyed.n
    WHERE keyed.short IS NOT NULL
    GROUP BY keyed.short, person.source
    HAVING count(DISTINCT keyed.root) > 1
), repeated AS (
    SELECT DISTINCT key
    FROM (SELECT key FROM member GROUP BY key, source HAVING count(DISTINCT root) > 1)
    UNION
    SELECT member.key
    FROM member
    JOIN short_repeated ON short_repeated.short = member.short
    WHERE member.lacks_patronymic
), carried AS (
    SELECT shared.key,
           count(*) AS clusters,
           count(*) FILTER (has_snils) > 1 AS snils_differs,
           count(*) FILTER (has_act) > 1 AS act_differs,
           count(*) FILTER (has_certificate) > 1 AS certificate_differs,
           count(*) FILTER (has_certificate) = 2 AS is_issued_twice
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
           certificate_differs AND is_issued_twice AND NOT (lacks_patronymic OR stated.place_differs) AS is_reissued,
           rule_weight.rule, rule_weight.weight + CASE WHEN lacks_patronymic THEN no_patronymic ELSE 0 END
               + CASE WHEN stated.place_differs THEN setting.place_differs WHEN stated.place_equal THEN setting.place_equal ELSE 0 END
               + CASE WHEN stated.mother_equal THEN setting.mother_equal ELSE 0 END AS weight
    FROM carried
    JOIN stated ON stated.key = carried.key
    LEFT JOIN repeated ON repeated.key = carried.key
    JOIN rule_weight ON rule_weight.rule = CASE WHEN certificate_differs THEN 'name_certificate_reissued' ELSE 'name' END
    CROSS JOIN setting
)
SELECT key, clusters, rule, weight,
       NOT (is_repeated OR snils_differs OR act_differs OR sex_differs OR mother_differs)
           AND CASE WHEN certificate_differs THEN is_reissued ELSE weight >= (SELECT bar_to_join FROM setting) END AS joins,
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
