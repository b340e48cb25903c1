-- One row per record and pupil it may belong to: of the two sides of a doubt the smaller one asks (of equals, the later).
WITH turned AS (
    SELECT CASE WHEN x.members < y.members THEN x.n ELSE y.n END AS n,
           CASE WHEN x.members < y.members THEN y.n ELSE x.n END AS other,
           CASE WHEN x.members < y.members THEN y.root ELSE x.root END AS candidate, doubt.weight, doubt.reasons
    FROM doubt
    JOIN settled AS x ON x.n = doubt.a
    JOIN settled AS y ON y.n = doubt.b
), asked AS (
    SELECT n, candidate, max(weight) AS weight, arg_max(other, (weight, -other)) AS other,
           list_sort(list_distinct(flatten(list(reasons)))) AS reasons
    FROM turned
    GROUP BY n, candidate
)
SELECT person.record_id, assignment.pupil_id AS candidate_pupil_id, compared.record_id AS candidate_record_id, asked.weight, asked.reasons
FROM asked
JOIN person ON person.n = asked.n
JOIN person AS compared ON compared.n = asked.other
JOIN assignment ON assignment.root = asked.candidate
ORDER BY person.n, assignment.pupil_id
