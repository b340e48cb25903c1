-- One row per key whose new content is of another child than before: under which key that child was known, and the rule that says so.
-- A part differs only beyond what slips, spellings and corrections explain; one part alone never makes another child.
WITH spoken AS (
    SELECT 'fresh' AS side, * FROM fresh
    UNION ALL BY NAME
    SELECT 'known' AS side, * FROM known
), plain AS (
    SELECT side, source_key, snils, birth_certificate, birth_date, strftime(birth_date, '%Y%m%d') AS day, is_listed,
           regexp_replace(translate(family_name, 'Ё', 'Е'), '[^А-ЯA-ZӨҮҺ]', '', 'g') AS family,
           regexp_replace(translate(given_name, 'Ё', 'Е'), '[^А-ЯA-ZӨҮҺ]', '', 'g') AS given,
           regexp_replace(translate(patronymic, 'Ё', 'Е'), '[^А-ЯA-ZӨҮҺ]', '', 'g') AS patronymic
    FROM spoken
), compared AS (
    SELECT new.source_key, new.family, new.given, new.birth_date, new.snils,
           jaro_winkler_similarity(new.given, old.given) < 0.85
               AND coalesce(jaro_winkler_similarity(new.given, old.patronymic), 0) < 0.85
               AND coalesce(jaro_winkler_similarity(new.patronymic, old.given), 0) < 0.85 AS other_given,
           jaro_winkler_similarity(new.family, old.family) < 0.85
               AND coalesce(jaro_winkler_similarity(new.family, old.given), 0) < 0.85 AS other_family,
           hamming(new.day, old.day) > 1
               AND (left(new.day, 4) <> left(old.day, 4) OR substr(new.day, 5, 2) <> substr(old.day, 7, 2) OR substr(new.day, 7, 2) <> substr(old.day, 5, 2))
               AS other_birth,
           hamming(new.snils, old.snils) > 2 AS other_snils,
           coalesce(new.snils = old.snils, FALSE) OR coalesce(new.birth_certificate = old.birth_certificate, FALSE) AS same_number
    FROM plain AS new
    JOIN plain AS old ON old.source_key = new.source_key AND old.side = 'known'
    WHERE new.side = 'fresh'
), judged AS (
    SELECT *, CASE
               WHEN same_number THEN NULL
               WHEN other_given AND other_birth THEN 'given_birth'
               WHEN other_snils AND other_birth THEN 'snils_birth'
               WHEN other_given AND other_snils THEN 'given_snils'
               WHEN other_family AND other_birth THEN 'family_birth'
               WHEN other_given AND other_family AND other_birth IS NULL THEN 'names'
           END AS rule
    FROM compared
), origin AS (
    SELECT judged.source_key, min(before.source_key) AS matches_source_key
    FROM judged
    JOIN plain AS before ON before.side = 'known' AND before.is_listed AND before.source_key <> judged.source_key
        AND before.family = judged.family AND before.given = judged.given AND before.birth_date IS NOT DISTINCT FROM judged.birth_date
        AND NOT coalesce(hamming(before.snils, judged.snils) > 2, FALSE)
    WHERE judged.rule IS NOT NULL
    GROUP BY judged.source_key
)
SELECT judged.source_key, origin.matches_source_key, judged.rule
FROM judged
LEFT JOIN origin ON origin.source_key = judged.source_key
WHERE judged.rule IS NOT NULL
ORDER BY judged.source_key
