-- One row per full name and birth date (with the patronymic, or without where somebody's is missing) that two known children bear:
-- two clusters hold a record each of a source that has every person once.
WITH bearer AS (
    SELECT cluster.root, person.source, person.family, person.given_plain, person.patronymic, person.birth
    FROM person
    JOIN cluster ON cluster.n = person.n
    WHERE person.slot IS NOT NULL AND person.birth IN (SELECT p.birth FROM score_comparison JOIN person AS p ON p.n = score_comparison.a)
)
SELECT DISTINCT family, given_plain, patronymic, birth
FROM bearer
WHERE family IS NOT NULL AND given_plain IS NOT NULL AND length(birth) = 8
GROUP BY family, given_plain, patronymic, birth, source
HAVING count(DISTINCT root) > 1
