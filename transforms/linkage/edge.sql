-- One row per pair that some rule joins: the strong edges that stand, and scores. In a clash strong evidence goes first.
SELECT a, b, rule, weight, agreement, weight AS rank FROM kept_edge
UNION ALL
SELECT a, b, rule, weight, agreement, least(weight, (SELECT min(weight) FROM rule_weight) - 1) FROM rule_score WHERE joins
