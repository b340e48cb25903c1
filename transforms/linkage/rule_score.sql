-- One row per scored pair of clusters: whether it joins, and if not, why a person should look.
-- Valid numbers that differ by more than a slip, or the sex, always ask. A full name and birth date alone never join where two children are known to bear them, nor a name
-- without patronymic unless the mother or a paper agrees; a given name one slip away may be the twin's and always asks.
SELECT fact.a, fact.b, fact.weight, 4 - deviations AS agreement,
       CASE WHEN fact.is_exact THEN 'name' ELSE 'score' END AS rule,
       fact.weight >= CASE WHEN fact.place_differs AND NOT (fact.mother_equal OR fact.paper_near) THEN setting.bar_elsewhere ELSE setting.bar_join END
           AND fact.level = 0 AND fact.given <> 'near' AND tie.root_a IS NULL AND NOT (fact.snils_differs AND NOT (fact.snils_near AND fact.is_exact)) AND NOT fact.sex_differs
           AND NOT (fact.has_namesake AND NOT fact.mother_equal AND NOT fact.paper_near)
           AND NOT (fact.lacks_patronymic_a AND fact.lacks_patronymic_b AND NOT (fact.mother_equal OR fact.paper_near)) AS joins,
       list_filter([
           CASE WHEN tie.root_a IS NOT NULL THEN 'score.near_tie' END,
           CASE WHEN fact.has_namesake THEN 'name.not_unique' END,
           CASE WHEN fact.snils_differs THEN 'name.snils_differs' END,
           CASE WHEN fact.certificate_differs THEN 'name.certificate_differs' END,
           CASE WHEN fact.document_differs THEN 'name.document_differs' END,
           CASE WHEN fact.mother_differs THEN 'name.mother_differs' END,
           CASE WHEN fact.place_differs THEN 'name.place_differs' END,
           CASE WHEN fact.sex_differs THEN 'name.sex_differs' END,
           CASE WHEN fact.lacks_patronymic_a AND fact.lacks_patronymic_b THEN 'name.no_patronymic' END,
           CASE WHEN fact.birth = 'near' THEN 'near.birth_date' END,
           CASE WHEN fact.birth = 'partial' THEN 'near.birth_date_partial' END,
           CASE WHEN fact.family = 'near' THEN 'near.family_name' END,
           CASE WHEN fact.given IN ('near', 'initial') THEN 'near.given_name' END,
           CASE WHEN fact.patronymic IN ('near', 'initial') THEN 'near.patronymic' END,
           CASE WHEN fact.patronymic = 'missing' AND fact.lacks_patronymic_a <> fact.lacks_patronymic_b THEN 'near.patronymic_missing' END
       ] || list_transform(fact.contradictions, lambda reason: 'score.' || reason), lambda reason: reason IS NOT NULL) AS reasons
FROM score_fact AS fact
CROSS JOIN setting
LEFT JOIN score_tie AS tie ON tie.root_a = fact.root_a AND tie.root_b = fact.root_b
