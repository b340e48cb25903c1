-- One row per scored pair of clusters that does not contradict itself: what agrees and what differs beside the score.
SELECT scored_pair.*, compared.level, compared.deviations, compared.birth, compared.family, compared.given, compared.patronymic, compared.contradictions,
       compared.birth = 'equal' AND compared.family = 'equal' AND compared.given = 'equal' AND compared.patronymic IN ('equal', 'missing') AS is_exact,
       len(p.places) > 0 AND len(q.places) > 0 AND NOT list_has_any(p.places, q.places) AS place_differs,
       list_has_any(p.places, q.places) AS place_equal, list_has_any(p.mothers, q.mothers) AS mother_equal,
       len(p.mothers) > 0 AND len(q.mothers) > 0 AND NOT list_has_any(p.mothers, q.mothers) AS mother_differs,
       coalesce(p.snils_first NOT IN (q.snils_first, q.snils_last) AND p.snils_last NOT IN (q.snils_first, q.snils_last), FALSE) AS snils_differs,
       coalesce(damerau_levenshtein(p.snils_first, q.snils_first) = 1, FALSE) AS snils_near,
       coalesce(p.certificate_first NOT IN (q.certificate_first, q.certificate_last)
                AND p.certificate_last NOT IN (q.certificate_first, q.certificate_last), FALSE) AS certificate_differs,
       coalesce(p.document_first NOT IN (q.document_first, q.document_last) AND p.document_last NOT IN (q.document_first, q.document_last), FALSE) AS document_differs,
       coalesce(damerau_levenshtein(p.certificate_first, q.certificate_first) = 1 OR damerau_levenshtein(p.number_first, q.number_first) = 1, FALSE) AS paper_near,
       x.patronymic IS NULL AS lacks_patronymic_a, y.patronymic IS NULL AS lacks_patronymic_b, coalesce(x.sex <> y.sex, FALSE) AS sex_differs,
       EXISTS (SELECT 1 FROM namesake WHERE namesake.family_key IN (x.family_key, y.family_key) AND namesake.given_plain_key IN (x.given_plain_key, y.given_plain_key)
               AND namesake.birth IN (x.birth, y.birth)
               AND (x.patronymic_key IS NULL OR y.patronymic_key IS NULL OR namesake.patronymic_key IS NULL
                    OR namesake.patronymic_key IN (x.patronymic_key, y.patronymic_key))) AS has_namesake
FROM scored_pair
JOIN score_comparison AS compared ON compared.a = scored_pair.a AND compared.b = scored_pair.b
JOIN speaker AS x ON x.n = scored_pair.a
JOIN speaker AS y ON y.n = scored_pair.b
JOIN known AS p ON p.root = scored_pair.root_a
JOIN known AS q ON q.root = scored_pair.root_b
WHERE compared.level < 2
