-- One row per record and value of a strong key it bears; values are numbers, the hash of rule and value. Records that say the same count as one
-- voice; where a source that has every person once has two of them, each of its records is a voice of its own.
WITH plain AS (
    SELECT n, 'answer' AS rule, hash('answer', asked_source, asked_key) AS value
    FROM person
    WHERE asked_key IS NOT NULL AND (asked_source, asked_key) IN (SELECT (source, source_key) FROM person)
    UNION ALL
    SELECT n, 'answer', hash('answer', source, source_key)
    FROM person
    WHERE (source, source_key) IN (SELECT (asked_source, asked_key) FROM person WHERE asked_key IS NOT NULL)
    UNION ALL SELECT n, 'snils', hash('snils', snils) FROM person WHERE snils IS NOT NULL
    UNION ALL SELECT n, 'act', hash('act', act) FROM person WHERE act IS NOT NULL
    UNION ALL SELECT n, 'certificate', hash('certificate', certificate) FROM person WHERE certificate IS NOT NULL
    UNION ALL SELECT n, 'document', hash('document', document) FROM person WHERE document IS NOT NULL
), told AS (
    SELECT plain.*, person.identity, person.fullness, person.is_spoken, hash(person.source, person.slot) AS slot_key, person.slot IS NOT NULL AS has_slot, person.source
    FROM plain
    JOIN person ON person.n = plain.n
), divided AS (
    SELECT value, identity, source FROM told WHERE has_slot GROUP BY value, identity, source HAVING min(slot_key) <> max(slot_key)
)
SELECT told.n, CASE WHEN told.has_slot AND divided.value IS NOT NULL THEN hash(told.identity, told.slot_key) ELSE told.identity END AS identity, told.identity AS person_identity,
       told.has_slot AND divided.value IS NOT NULL AS is_apart, told.fullness, told.is_spoken, told.rule, told.value
FROM told
LEFT JOIN divided ON divided.value = told.value AND divided.identity = told.identity AND divided.source = told.source
