-- One row per cluster that strong evidence made: which kinds of strong evidence it carries. An annulled act is no act of its own.
SELECT cluster.root,
       count(person.snils) > 0 AS has_snils, count(person.act) FILTER (NOT person.is_annulled) > 0 AS has_act
FROM cluster
JOIN person ON person.n = cluster.n
GROUP BY cluster.root
