-- One row per name that persons bear, with its share of them: 2 from one in 500 on, 1 from one in 10,000 on, else 0. A person is a cluster of strong evidence.
WITH borne AS (
    SELECT DISTINCT 'family_name' AS part, family AS form, root FROM person JOIN cluster ON cluster.n = person.n WHERE family IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'given_name', given, root FROM person JOIN cluster ON cluster.n = person.n WHERE given IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'patronymic', patronymic, root FROM person JOIN cluster ON cluster.n = person.n WHERE patronymic IS NOT NULL
), bearers AS (
    SELECT part, count(*) AS total FROM borne GROUP BY part
)
SELECT borne.part, form, count(*) / any_value(bearers.total) AS share,
       CASE WHEN count(*) >= 0.002 * any_value(bearers.total) THEN 2 WHEN count(*) >= 0.0001 * any_value(bearers.total) THEN 1 ELSE 0 END AS commonness
FROM borne
JOIN bearers ON bearers.part = borne.part
GROUP BY borne.part, form
ORDER BY borne.part, form
