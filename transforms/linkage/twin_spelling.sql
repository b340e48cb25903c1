-- One row per two spellings of one given name that children with the same family name, patronymic and birth date bear, each in both orders:
-- a source that holds every person once holds them both, so the spellings are two names there.
SELECT DISTINCT p.family, p.given, coalesce(p.patronymic, '') AS patronymic, p.birth, p.given_plain AS plain_a, q.given_plain AS plain_b, p.word_set
FROM person AS p
JOIN person AS q ON q.family = p.family AND q.given = p.given AND coalesce(q.patronymic, '') = coalesce(p.patronymic, '') AND q.birth = p.birth
    AND q.source = p.source AND q.slot <> p.slot AND q.given_plain <> p.given_plain
WHERE length(p.birth) = 8 AND p.slot IS NOT NULL AND q.slot IS NOT NULL
