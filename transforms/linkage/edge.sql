-- One row per pair that some rule joins: strong evidence, and full name where it is unique.
SELECT a, b, rule, weight, agreement FROM strong_edge
UNION ALL
SELECT a, b, rule, weight, agreement FROM rule_name WHERE joins
