-- One row per pair that strong evidence joins: the strongest rule and the weight of all rules together.
WITH pairs AS (
    SELECT DISTINCT a, b, rule, weight, agreement FROM judged WHERE joins
)
SELECT a, b, arg_max(rule, weight) AS rule, max(weight) + (count(*) - 1) * (SELECT second_rule FROM setting) AS weight, any_value(agreement) AS agreement
FROM pairs
GROUP BY a, b
