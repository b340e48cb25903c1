-- Rule `snils`: the same valid, not denied СНИЛС.
SELECT n, 'snils' AS rule, snils AS value
FROM person
WHERE snils IS NOT NULL
