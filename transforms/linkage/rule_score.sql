-- One row per scored pair of clusters: whether it joins, and if not, why a person should look.
-- Valid numbers that differ, or the sex, always ask. A full name and birth date alone never join where two children are known to bear them, nor a name without patronymic where nothing else agrees.
SELECT fact.a, fact.b, fact.weight, 4 - deviations AS agreement,
       CASE WHEN fact.is_exact THEN 'name' ELSE 'score' END AS rule,
       fact.weight >= setting.bar_join AND fact.level = 0 AND tie.root_a IS NULL AND NOT fact.snils_differs AND NOT coalesce(x.sex <> y.sex, FALSE)
           AND NOT (fact.has_namesake AND NOT fact.mother_equal AND NOT fact.paper_near)
           AND NOT (x.patronymic IS NULL AND y.patronymic IS NULL AND (fact.document_differs OR NOT (fact.place_equal OR fact.mother_equal OR fact.paper_near))) AS joins,
       list_filter([
           CASE WHEN tie.root_a IS NOT NULL THEN 'score.near_tie' END,
           CASE WHEN fact.has_namesake THEN 'name.not_unique' END,
           CASE WHEN fact.snils_differs THEN 'name.snils_differs' END,
           CASE WHEN fact.certificate_differs THEN 'name.certificate_differs' END,
           CASE WHEN fact.document_differs THEN 'name.document_differs' END,
           CASE WHEN fact.mother_differs THEN 'name.mother_differs' END,
           CASE WHEN fact.place_differs THEN 'name.place_differs' END,
           CASE WHEN x.sex <> y.sex THEN 'name.sex_differs' END,
           CASE WHEN x.patronymic IS NULL AND y.patronymic IS NULL THEN 'name.no_patronymic' END,
           CASE WHEN fact.birth = 'near' THEN 'near.birth_date' END,
           CASE WHEN fact.birth = 'partial' THEN 'near.birth_date_partial' END,
           CASE WHEN fact.family = 'near' THEN 'near.family_name' END,
           CASE WHEN fact.given IN ('near', 'initial') THEN 'near.given_name' END,
           CASE WHEN fact.patronymic IN ('near', 'initial') THEN 'near.patronymic' END,
           CASE WHEN fact.patronymic = 'missing' AND (x.patronymic IS NULL) <> (y.patronymic IS NULL) THEN 'near.patronymic_missing' END
       ] || list_transform(fact.contradictions, lambda reason: 'score.' || reason), lambda reason: reason IS NOT NULL) AS reasons
FROM score_fact AS fact
JOIN person AS x ON x.n = fact.a
JOIN person AS y ON y.n = fact.b
CROSS JOIN setting
LEFT JOIN score_tie AS tie ON tie.root_a = fact.root_a AND tie.root_b = fact.root_b
