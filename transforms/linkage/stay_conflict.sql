-- One row per two records that a score brought into one pupil and that may not stand together: their own score is below the bar to stay, their
-- clusters have valid numbers that differ, or nowhere one given name but names one slip apart (which may be twins).
WITH scored AS (
    SELECT x.root AS root_a, y.root AS root_b, least(x.n, y.n) AS a, greatest(x.n, y.n) AS b, stay_score.match_weight AS weight,
           x.given = y.given AS given_equal, x.birth = y.birth AND damerau_levenshtein(x.given_plain, y.given_plain) = 1 AS given_near,
           coalesce(p.snils_first NOT IN (q.snils_first, q.snils_last) AND p.snils_last NOT IN (q.snils_first, q.snils_last)
               AND damerau_levenshtein(p.snils_first, q.snils_first) > 1, FALSE) AS snils_differs
    FROM stay_score
    JOIN spoken AS x ON x.id = stay_score.unique_id_l
    JOIN spoken AS y ON y.id = stay_score.unique_id_r
    JOIN known AS p ON p.root = x.root
    JOIN known AS q ON q.root = y.root
), clashing AS (
    SELECT root_a, root_b FROM scored GROUP BY root_a, root_b HAVING bool_or(snils_differs) OR (bool_or(given_near) AND NOT bool_or(given_equal))
)
SELECT a, b, 'below_stay' AS reason
FROM scored
GROUP BY a, b
HAVING max(weight) < (SELECT bar_stay FROM setting)
UNION
SELECT min(scored.a), min_by(scored.b, scored.a), CASE WHEN bool_or(snils_differs) THEN 'snils_differs' ELSE 'near_twin' END
FROM scored
JOIN clashing ON clashing.root_a = scored.root_a AND clashing.root_b = scored.root_b
GROUP BY scored.root_a, scored.root_b
