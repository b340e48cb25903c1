-- One row per record and value of a strong key it bears; values are numbers, the hash of rule and value.
SELECT n, identity, fullness, is_spoken, 'answer' AS rule, hash('answer', asked_source, asked_key) AS value
FROM person
WHERE asked_key IS NOT NULL AND (asked_source, asked_key) IN (SELECT (source, source_key) FROM person)
UNION ALL
SELECT n, identity, fullness, is_spoken, 'answer', hash('answer', source, source_key)
FROM person
WHERE (source, source_key) IN (SELECT (asked_source, asked_key) FROM person WHERE asked_key IS NOT NULL)
UNION ALL SELECT n, identity, fullness, is_spoken, 'snils', hash('snils', snils) FROM person WHERE snils IS NOT NULL
UNION ALL SELECT n, identity, fullness, is_spoken, 'act', hash('act', act) FROM person WHERE act IS NOT NULL
UNION ALL SELECT n, identity, fullness, is_spoken, 'certificate', hash('certificate', certificate) FROM person WHERE certificate IS NOT NULL
UNION ALL SELECT n, identity, fullness, is_spoken, 'document', hash('document', document) FROM person WHERE document IS NOT NULL
