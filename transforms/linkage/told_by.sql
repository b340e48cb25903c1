-- One row per cluster and identity that tells family name, given name and birth date: the first record that does.
SELECT cluster.root, min(person.n) AS n
FROM cluster
JOIN person ON person.n = cluster.n
WHERE person.family_key IS NOT NULL AND person.given_key IS NOT NULL AND person.birth IS NOT NULL
GROUP BY cluster.root, person.identity
