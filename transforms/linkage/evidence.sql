-- One row per strong key value and identity (same names, birth date, sex) that bears it; its first record stands for the others.
-- A value borne by more different persons than the bound is poison: no evidence at all.
WITH grouped AS (
    SELECT rule, value, identity, any_value(person_identity) AS person_identity, min(n) AS head, count(*) AS records FROM stated GROUP BY rule, value, identity
), counted AS (
    SELECT value, count(*) AS identities
    FROM grouped
    GROUP BY value
    HAVING sum(records) > 1 AND count(DISTINCT person_identity) <= (SELECT shared_by_more_than FROM setting)
)
SELECT grouped.rule, grouped.value, grouped.identity, grouped.head, grouped.records, counted.identities
FROM grouped
JOIN counted ON counted.value = grouped.value
