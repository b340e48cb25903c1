-- One row per two spellings of one given name that children with the same family name, patronymic and birth date bear, each in both orders:
-- a source that holds every person once holds them both, so the spellings are two names there. Names are numbers.
SELECT DISTINCT p.family_key, p.given_key, coalesce(p.patronymic_key, 0) AS patronymic_key, p.birth, p.given_plain_key AS plain_a, q.given_plain_key AS plain_b
FROM person AS p
JOIN person AS q ON q.family_key = p.family_key AND q.given_key = p.given_key AND coalesce(q.patronymic_key, 0) = coalesce(p.patronymic_key, 0)
    AND q.birth = p.birth AND q.source = p.source AND q.slot <> p.slot AND q.given_plain_key <> p.given_plain_key
WHERE length(p.birth) = 8 AND p.slot IS NOT NULL AND q.slot IS NOT NULL
