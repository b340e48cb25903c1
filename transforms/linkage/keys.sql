-- One row per record and linking key. Whoever links a part closes it over the keys that bind, and adds once, without closing over them,
-- the records that share a key of the others (`is_block`): those a score may bring together with what changed.
WITH alias AS (
    SELECT record_id, family, given, patronymic, birth,
           CASE WHEN word_set IS NOT NULL THEN array_to_string(list_sort(list_filter([family_word, given_word, patronymic_word], lambda word: word IS NOT NULL)), ' ') END AS word_set
    FROM speaker
    UNION ALL
    SELECT record_id, coalesce(previous_family, family), coalesce(previous_given, given), coalesce(previous_patronymic, patronymic), birth, NULL
    FROM speaker
    WHERE has_previous
), spoken AS (
    SELECT * FROM alias WHERE family IS NOT NULL AND given IS NOT NULL AND birth IS NOT NULL
), stated AS (
    SELECT record_id, 'key|' || source || '|' || source_key AS key, FALSE AS is_block FROM person
    UNION ALL SELECT record_id, 'key|' || asked_source || '|' || asked_key, FALSE FROM person
    UNION ALL SELECT record_id, 'snils|' || snils, FALSE FROM person
    UNION ALL SELECT record_id, 'act|' || act, FALSE FROM person
    UNION ALL SELECT record_id, 'certificate|' || certificate, FALSE FROM person
    UNION ALL SELECT record_id, 'document|' || document, FALSE FROM person
    UNION ALL SELECT record_id, concat_ws('|', 'born', family, birth), FALSE FROM spoken
    UNION ALL
    SELECT record_id, unnest(CASE WHEN length(birth) = 8 THEN [
        concat_ws('|', 'family', given, birth, left(family, 1)),
        'own|' || given || '|' || patronymic || '|' || birth,
        'year|' || family || '|' || given || '|' || patronymic || '|' || substr(birth, 5, 4),
        CASE WHEN word_set IS NOT NULL THEN concat_ws('|', 'words', word_set, birth) END,
        concat_ws('|', 'within', family, given, left(birth, 4))
    ] ELSE [concat_ws('|', 'within', family, given, left(birth, 4))] END), TRUE
    FROM spoken
)
SELECT DISTINCT record_id, key, is_block
FROM stated
WHERE key IS NOT NULL
ORDER BY record_id, key
