-- One row per record and name it may be joined by: full name and birth date as they stand, and the same words in any order.
-- Where two spellings of one name are two children, the name counts as it is spelled. `short` is the name without the patronymic.
WITH by_family AS (
    SELECT DISTINCT family, given, birth FROM twin_spelling
), by_patronymic AS (
    SELECT DISTINCT patronymic, given, birth FROM twin_spelling
), by_words AS (
    SELECT DISTINCT word_set, birth FROM twin_spelling
)
SELECT DISTINCT alias.n, 'name' AS kind, alias.patronymic IS NULL AS lacks_patronymic,
       concat_ws('|', 'name', alias.family,
                 CASE WHEN by_family.given IS NULL AND by_patronymic.given IS NULL THEN alias.given ELSE alias.given_plain END,
                 coalesce(alias.patronymic, ''), person.birth) AS key,
       concat_ws('|', alias.family, alias.given, person.birth) AS short
FROM alias
JOIN person ON person.n = alias.n
LEFT JOIN by_family ON by_family.family = alias.family AND by_family.given = alias.given AND by_family.birth = person.birth
LEFT JOIN by_patronymic ON by_patronymic.patronymic = alias.patronymic AND by_patronymic.given = alias.given AND by_patronymic.birth = person.birth
WHERE alias.family IS NOT NULL AND length(alias.given) > 1 AND length(person.birth) = 8
UNION ALL
SELECT person.n, 'words', person.patronymic IS NULL,
       concat_ws('|', 'words', person.word_set, CASE WHEN by_words.word_set IS NOT NULL THEN person.words END, person.birth), NULL
FROM person
LEFT JOIN by_words ON by_words.word_set = person.word_set AND by_words.birth = person.birth
WHERE contains(person.word_set, ' ') AND length(person.given) > 1 AND length(person.birth) = 8
