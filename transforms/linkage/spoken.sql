-- One row per cluster and way its records tell who the child is: names (also those before a change), birth date, sex; `id` numbers them.
-- A full name and birth date on more clusters than the bound names nobody, nor does the training pupil of a journal's vendor.
WITH identity AS (
    SELECT cluster.root, person.identity, min(person.n) AS n
    FROM cluster
    JOIN person ON person.n = cluster.n
    WHERE person.family IS NOT NULL AND person.given IS NOT NULL AND person.birth IS NOT NULL
      AND NOT (starts_with(person.family, 'TEST') AND starts_with(person.given, 'TEST'))
    GROUP BY cluster.root, person.identity
), told AS (
    SELECT identity.root, person.n, person.family, person.family_plain, person.family_commonness, person.given, person.given_plain, person.given_commonness,
           person.is_established, person.patronymic, person.patronymic_plain, person.patronymic_commonness, person.words, person.word_set, person.birth, person.sex
    FROM identity
    JOIN person ON person.n = identity.n
    UNION ALL
    SELECT identity.root, person.n, coalesce(person.previous_family, person.family), coalesce(person.previous_family_plain, person.family_plain),
           person.family_commonness, coalesce(person.previous_given, person.given), coalesce(person.previous_given, person.given_plain), person.given_commonness,
           FALSE, coalesce(person.previous_patronymic, person.patronymic), coalesce(person.previous_patronymic_plain, person.patronymic_plain),
           person.patronymic_commonness, NULL, NULL, person.birth, person.sex
    FROM identity
    JOIN person ON person.n = identity.n
    WHERE person.has_previous
), counted AS (
    SELECT told.*, hash(family, given, patronymic, birth) AS name_hash FROM told
), poison AS (
    SELECT name_hash FROM counted GROUP BY name_hash HAVING count(DISTINCT root) > (SELECT shared_by_more_than FROM setting)
)
SELECT CAST(row_number() OVER (ORDER BY counted.n, words IS NULL) AS INTEGER) AS id, counted.* EXCLUDE (name_hash)
FROM counted
WHERE name_hash NOT IN (SELECT name_hash FROM poison)
