-- Rule `near`: one slip away from the same full name and birth date; it only asks. Scoring of this residue has its place here.
SELECT a, b, 'near' AS rule, rule_weight.weight, agreement,
       list_filter([
           CASE WHEN birth = 'near' THEN 'near.birth_date' END,
           CASE WHEN birth = 'partial' THEN 'near.birth_date_partial' END,
           CASE WHEN family = 'near' THEN 'near.family_name' END,
           CASE WHEN given IN ('near', 'initial') THEN 'near.given_name' END,
           CASE WHEN patronymic IN ('near', 'initial') THEN 'near.patronymic' END,
           CASE WHEN patronymic = 'missing' THEN 'near.patronymic_missing' END
       ], lambda reason: reason IS NOT NULL) AS reasons
FROM near_comparison
JOIN rule_weight ON rule_weight.rule = 'near'
WHERE level = 0 AND deviations <= 1 AND family <> 'differs' AND agreement < 4
  AND NOT EXISTS (SELECT 1 FROM rule_name WHERE rule_name.a = near_comparison.a AND rule_name.b = near_comparison.b)
