-- One row per candidate: does the evidence join, or is it contradicted (with the reasons named)? What is only doubtful joins where two kinds of
-- evidence say the same of two records that name one given name and birth date.
SELECT candidate.a, candidate.b, candidate.rule, comparison.agreement, rule_weight.weight,
       candidate.rule = 'decision' OR (level <= CASE WHEN doubled.a IS NULL THEN 0 ELSE 1 END
           AND (candidate.rule = 'answer' OR NOT (birth = 'missing' AND given = 'missing' AND family = 'missing'))
           AND (contested.rule IS NULL OR (deviations <= 1 AND birth IN ('equal', 'near') AND given IN ('equal', 'near')))) AS joins,
       list_transform(
           list_concat(contradictions, list_filter([
               CASE WHEN birth = 'missing' AND given = 'missing' AND family = 'missing' THEN 'nothing_to_compare' END,
               CASE WHEN contested.persons >= 3 AND level > 0 THEN 'shared_by_several' END,
               CASE WHEN contested.rule IS NOT NULL AND level = 0 THEN 'contested' END], lambda reason: reason IS NOT NULL)),
           lambda reason: candidate.rule || '.' || reason) AS reasons
FROM candidate
LEFT JOIN doubled ON doubled.a = candidate.a AND doubled.b = candidate.b
JOIN comparison ON comparison.a = candidate.a AND comparison.b = candidate.b
JOIN rule_weight ON rule_weight.rule = candidate.rule
LEFT JOIN contested ON contested.rule = candidate.rule AND contested.value = candidate.value
