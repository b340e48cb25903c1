-- One row per strong key value borne by persons who cannot be one: on it only records that say who they are may join.
SELECT candidate.rule, candidate.value, count(DISTINCT candidate.a) + 1 AS persons
FROM candidate
JOIN comparison ON comparison.a = candidate.a AND comparison.b = candidate.b
WHERE comparison.level = 2 AND candidate.rule <> 'decision'
GROUP BY candidate.rule, candidate.value
