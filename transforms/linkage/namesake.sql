-- One row per full name and birth date (names as numbers) that two known children bear: two clusters hold a record each of a source that
-- has every person once.
WITH asked AS (
    SELECT DISTINCT birth FROM speaker WHERE length(birth) = 8
), bearer AS (
    SELECT cluster.root, person.source, person.family_key, person.given_plain_key, person.patronymic_key, person.birth
    FROM person
    JOIN cluster ON cluster.n = person.n
    WHERE person.slot IS NOT NULL AND person.family_key IS NOT NULL AND person.given_plain_key IS NOT NULL AND person.birth IN (SELECT birth FROM asked)
)
SELECT DISTINCT family_key, given_plain_key, patronymic_key, birth
FROM bearer
GROUP BY family_key, given_plain_key, patronymic_key, birth, source
HAVING min(root) <> max(root)
