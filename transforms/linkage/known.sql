-- One row per cluster to be scored: what it knows beside names, of all its records: places, mothers, numbers, papers.
WITH asked AS (
    SELECT DISTINCT spoken.root
    FROM (SELECT join_key_l AS id FROM blocked_pair UNION SELECT join_key_r FROM blocked_pair) AS paired
    JOIN spoken ON spoken.id = paired.id
)
SELECT cluster.root,
       coalesce(list(DISTINCT person.place) FILTER (person.place IS NOT NULL), []) AS places,
       coalesce(list(DISTINCT person.mother) FILTER (person.mother IS NOT NULL), []) AS mothers,
       min(coalesce(person.snils, person.snils_typed)) AS number_first, max(coalesce(person.snils, person.snils_typed)) AS number_last,
       min(person.snils) AS snils_first, max(person.snils) AS snils_last,
       min(person.certificate) AS certificate_first, max(person.certificate) AS certificate_last,
       min(person.document) AS document_first, max(person.document) AS document_last
FROM cluster
JOIN person ON person.n = cluster.n
WHERE cluster.root IN (SELECT root FROM asked)
GROUP BY cluster.root
