-- Rule `document`: the same document.
SELECT n, 'document' AS rule, document AS value
FROM person
WHERE document IS NOT NULL
