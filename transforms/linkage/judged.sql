-- One row per pair, rule and value: does the evidence join, or is it contradicted (with the reasons named)?
-- On a contested value (borne by persons who cannot be one) only records that say who they are may join.
WITH compared AS (
    SELECT candidate.a, candidate.b, candidate.rule, candidate.value, comparison.* EXCLUDE (a, b)
    FROM candidate
    JOIN comparison ON comparison.a = candidate.a AND comparison.b = candidate.b
), contested AS (
    SELECT rule, value, count(DISTINCT a) + 1 AS persons
    FROM compared
    WHERE level = 2
    GROUP BY rule, value
)
SELECT compared.a, compared.b, compared.rule, compared.agreement, rule_weight.weight,
       compared.rule = 'decision' OR (level = 0 AND (contested.rule IS NULL
           OR (deviations <= 1 AND birth IN ('equal', 'near') AND given IN ('equal', 'near')))) AS joins,
       list_transform(
           list_concat(contradictions, list_filter([
               CASE WHEN contested.persons >= 3 AND level > 0 THEN 'shared_by_several' END,
               CASE WHEN contested.rule IS NOT NULL AND level = 0 THEN 'contested' END], lambda reason: reason IS NOT NULL)),
           lambda reason: compared.rule || '.' || reason) AS reasons
FROM compared
JOIN rule_weight ON rule_weight.rule = compared.rule
LEFT JOIN contested ON contested.rule = compared.rule AND contested.value = compared.value
