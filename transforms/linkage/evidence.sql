-- One row per record and strong key value; `head` is the record that stands for all of its identity (same names, birth date, sex) on that value.
-- A value borne by more identities than the bound is poison: no evidence at all.
WITH stated AS (
    SELECT * FROM rule_answer
    UNION ALL SELECT * FROM rule_snils
    UNION ALL SELECT * FROM rule_act
    UNION ALL SELECT * FROM rule_certificate
    UNION ALL SELECT * FROM rule_document
), headed AS (
    SELECT stated.n, stated.rule, stated.value, min(stated.n) OVER (PARTITION BY stated.rule, stated.value, person.identity) AS head
    FROM stated
    JOIN person ON person.n = stated.n
), counted AS (
    SELECT rule, value
    FROM headed
    GROUP BY rule, value
    HAVING count(*) > 1 AND count(DISTINCT head) <= (SELECT shared_by_more_than FROM setting)
)
SELECT headed.*
FROM headed
JOIN counted ON counted.rule = headed.rule AND counted.value = headed.value
