-- One row per cluster that strong evidence made: which kinds of strong evidence it carries.
SELECT cluster.root,
       count(person.snils) > 0 AS has_snils, count(person.act) > 0 AS has_act, count(person.certificate) > 0 AS has_certificate
FROM cluster
JOIN person ON person.n = cluster.n
GROUP BY cluster.root
