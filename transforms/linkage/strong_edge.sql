-- One row per pair that strong evidence joins: the strongest rule and the weight of all rules together. Records that say the same of one
-- person hang on the first of them; on a contested value only if they say name and birth date. `rank` is the order in which edges are taken:
-- of equal ones first those that no second record of the same source competes for.
WITH pairs AS (
    SELECT DISTINCT a, b, rule, weight, agreement FROM judged WHERE joins
    UNION ALL
    SELECT evidence.head, stated.n, stated.rule, rule_weight.weight, stated.fullness
    FROM stated
    JOIN evidence ON evidence.value = stated.value AND evidence.identity = stated.identity AND evidence.head <> stated.n
    JOIN rule_weight ON rule_weight.rule = stated.rule
    LEFT JOIN contested ON contested.value = stated.value
    WHERE evidence.records > 1 AND (stated.rule = 'answer' OR stated.fullness > 0) AND (contested.value IS NULL OR stated.is_spoken)
), apart AS (
    SELECT DISTINCT n FROM stated WHERE is_apart
), weighed AS (
    SELECT a, b, arg_max(rule, weight) AS rule, max(weight) + (count(*) - 1) * (SELECT second_rule FROM setting) AS weight, any_value(agreement) AS agreement
    FROM pairs
    GROUP BY a, b
)
SELECT weighed.*, weight - CASE WHEN a IN (SELECT n FROM apart) OR b IN (SELECT n FROM apart) THEN 0.5 ELSE 0 END AS rank
FROM weighed
