-- One row per pupil and field: the value that wins (smallest rank; then preferred kind, latest), by which rule, and who says otherwise.
WITH believed AS (
    SELECT golden_value.*,
           row_number() OVER (PARTITION BY pupil_id, field ORDER BY rank, preference, recency DESC, sequence DESC, record_id DESC, value DESC) AS place,
           count(*) OVER (PARTITION BY pupil_id, field, rank) AS equals,
           count(*) OVER (PARTITION BY pupil_id, field) AS statements
    FROM golden_value
    WHERE rank IS NOT NULL
), winner AS (
    SELECT * FROM believed WHERE place = 1
)
SELECT winner.pupil_id, winner.field, winner.record_id, winner.source, winner.value,
       CASE WHEN winner.statements = 1 THEN 'only' WHEN winner.equals = 1 THEN 'authority' ELSE 'latest' END AS rule,
       count(DISTINCT golden_value.source) FILTER (golden_value.source <> winner.source AND golden_value.form <> winner.form) AS disagreement,
       count(DISTINCT golden_value.source) AS sources
FROM winner
JOIN golden_value ON golden_value.pupil_id = winner.pupil_id AND golden_value.field = winner.field
GROUP BY winner.pupil_id, winner.field, winner.record_id, winner.source, winner.value, winner.statements, winner.equals
