-- One row per explained pair and part, of the names that agree best.
WITH best AS (
    SELECT record_id_a, record_id_b, arg_max(levels, total) AS levels
    FROM (SELECT *, list_sum(list_transform(levels, lambda each: each.weight)) AS total FROM evidence_level)
    GROUP BY record_id_a, record_id_b
)
SELECT record_id_a, record_id_b, unnest(levels, recursive := true) FROM best
