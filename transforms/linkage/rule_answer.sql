-- Rule `answer`: a record that answers a question, and the record asked about, share the key of the question.
SELECT answer.n, 'answer' AS rule, asked.source || '|' || asked.source_key AS value
FROM person AS answer
JOIN person AS asked ON asked.source = answer.asked_source AND asked.source_key = answer.asked_key
UNION ALL
SELECT DISTINCT asked.n, 'answer', asked.source || '|' || asked.source_key
FROM person AS answer
JOIN person AS asked ON asked.source = answer.asked_source AND asked.source_key = answer.asked_key
