-- One row per record and linking key: what two records of one neighbourhood share. Whoever links a part closes it over these keys.
WITH spoken AS (
    SELECT alias.n, alias.family, alias.given, coalesce(alias.patronymic, '') AS patronymic, person.birth
    FROM alias
    JOIN person ON person.n = alias.n
    WHERE alias.family IS NOT NULL AND alias.given IS NOT NULL AND length(person.birth) = 8
), stated AS (
    SELECT n, 'key|' || source || '|' || source_key AS key FROM person
    UNION ALL SELECT n, 'key|' || asked_source || '|' || asked_key FROM person
    UNION ALL SELECT n, 'snils|' || snils FROM person
    UNION ALL SELECT n, 'act|' || act FROM person
    UNION ALL SELECT n, 'certificate|' || certificate FROM person
    UNION ALL SELECT n, 'document|' || document FROM person
    UNION ALL SELECT n, concat_ws('|', 'words', word_set, birth) FROM person WHERE contains(word_set, ' ') AND length(birth) = 8
    UNION ALL
    SELECT alias.n, concat_ws('|', 'within', alias.family, alias.given, coalesce(alias.patronymic, ''), left(person.birth, 4))
    FROM alias
    JOIN person ON person.n = alias.n
    WHERE alias.family IS NOT NULL AND alias.given IS NOT NULL AND person.birth IS NOT NULL
    UNION ALL
    SELECT n, unnest([
        concat_ws('|', 'family', given, patronymic, birth),
        concat_ws('|', 'given', family, patronymic, birth),
        concat_ws('|', 'patronymic', family, given, birth),
        concat_ws('|', 'day', family, given, patronymic, left(birth, 6)),
        concat_ws('|', 'month', family, given, patronymic, left(birth, 4), substr(birth, 7, 2)),
        concat_ws('|', 'year', family, given, patronymic, substr(birth, 5, 4)),
        concat_ws('|', 'swap', family, given, patronymic, left(birth, 4), least(substr(birth, 5, 2), substr(birth, 7, 2)),
                  greatest(substr(birth, 5, 2), substr(birth, 7, 2)))])
    FROM spoken
)
SELECT DISTINCT person.record_id, stated.key
FROM stated
JOIN person ON person.n = stated.n
WHERE stated.key IS NOT NULL
ORDER BY person.record_id, stated.key
