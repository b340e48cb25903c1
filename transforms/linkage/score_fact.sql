-- One row per scored pair of clusters that does not contradict itself: what agrees and what differs beside the score.
SELECT scored_pair.*, compared.level, compared.deviations, compared.birth, compared.family, compared.given, compared.patronymic, compared.contradictions,
       compared.birth = 'equal' AND compared.family = 'equal' AND compared.given = 'equal' AND compared.patronymic IN ('equal', 'missing') AS is_exact,
       len(p.places) > 0 AND len(q.places) > 0 AND NOT list_has_any(p.places, q.places) AS place_differs,
       list_has_any(p.places, q.places) AS place_equal, list_has_any(p.mothers, q.mothers) AS mother_equal,
       len(p.mothers) > 0 AND len(q.mothers) > 0 AND NOT list_has_any(p.mothers, q.mothers) AS mother_differs,
       coalesce(p.snils_first NOT IN (q.snils_first, q.snils_last) AND p.snils_last NOT IN (q.snils_first, q.snils_last), FALSE) AS snils_differs,
       coalesce(p.certificate_first NOT IN (q.certificate_first, q.certificate_last)
                AND p.certificate_last NOT IN (q.certificate_first, q.certificate_last), FALSE) AS certificate_differs,
       coalesce(p.document_first NOT IN (q.document_first, q.document_last) AND p.document_last NOT IN (q.document_first, q.document_last), FALSE) AS document_differs,
       coalesce(damerau_levenshtein(p.certificate_first, q.certificate_first) = 1 OR damerau_levenshtein(p.number_first, q.number_first) = 1, FALSE) AS paper_near,
       EXISTS (SELECT 1 FROM namesake WHERE namesake.family IN (x.family, y.family) AND namesake.given_plain IN (x.given_plain, y.given_plain)
               AND namesake.birth IN (x.birth, y.birth)
               AND (x.patronymic IS NULL OR y.patronymic IS NULL OR namesake.patronymic IS NULL OR namesake.patronymic IN (x.patronymic, y.patronymic))) AS has_namesake
FROM scored_pair
JOIN score_comparison AS compared ON compared.a = scored_pair.a AND compared.b = scored_pair.b
JOIN person AS x ON x.n = scored_pair.a
JOIN person AS y ON y.n = scored_pair.b
JOIN (SELECT DISTINCT root, places, mothers, number_first, number_last, snils_first, snils_last, certificate_first, certificate_last, document_first, document_last FROM told) AS p ON p.root = scored_pair.root_a
JOIN (SELECT DISTINCT root, places, mothers, number_first, number_last, snils_first, snils_last, certificate_first, certificate_last, document_first, document_last FROM told) AS q ON q.root = scored_pair.root_b
WHERE compared.level < 2
