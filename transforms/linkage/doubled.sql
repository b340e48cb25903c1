-- One row per pair of records that two kinds of strong evidence join, with the same given name and birth date.
SELECT candidate.a, candidate.b
FROM candidate
JOIN comparison ON comparison.a = candidate.a AND comparison.b = candidate.b AND comparison.given = 'equal' AND comparison.birth = 'equal'
WHERE candidate.rule <> 'decision'
GROUP BY candidate.a, candidate.b
HAVING count(DISTINCT candidate.rule) > 1
