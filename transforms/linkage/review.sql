-- One row per record and pupil it may belong to: of the two sides of a doubt the smaller one asks (of equals, the later).
WITH turned AS (
    SELECT CASE WHEN x.members < y.members THEN x.n ELSE y.n END AS n,
           CASE WHEN x.members < y.members THEN y.root ELSE x.root END AS candidate, doubt.weight, doubt.reasons
    FROM doubt
    JOIN settled AS x ON x.n = doubt.a
    JOIN settled AS y ON y.n = doubt.b
)
SELECT person.record_id, assignment.pupil_id AS candidate_pupil_id, max(turned.weight) AS weight,
       list_sort(list_distinct(flatten(list(turned.reasons)))) AS reasons
FROM turned
JOIN person ON person.n = turned.n
JOIN assignment ON assignment.root = turned.candidate
GROUP BY person.n, person.record_id, assignment.pupil_id
ORDER BY person.n, assignment.pupil_id
