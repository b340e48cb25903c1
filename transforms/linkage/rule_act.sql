-- Rule `act`: the same birth act (ЕГР number, or authority, number and date).
SELECT n, 'act' AS rule, act AS value
FROM person
WHERE act IS NOT NULL
