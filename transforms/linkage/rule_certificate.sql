-- Rule `certificate`: the same birth certificate.
SELECT n, 'certificate' AS rule, certificate AS value
FROM person
WHERE certificate IS NOT NULL
