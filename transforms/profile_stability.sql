-- One row per delivery (judged or of the history) and coded column: the population stability index of its codes against all of its sender's history,
-- and how many values and codes it rests on.
WITH told AS (
    SELECT delivery_id, sender, kind, entity, column_name, measure, code, value, TRUE AS is_judged FROM present
    UNION ALL
    SELECT delivery_id, sender, kind, entity, column_name, measure, code, value, FALSE FROM history
), sized AS (
    SELECT delivery_id, entity, column_name, is_judged, sender, kind, round(received * (1 - refused) * (1 - missing)) AS known
    FROM (SELECT DISTINCT delivery_id, entity, column_name, is_judged, sender, kind, value AS missing FROM told WHERE measure = 'missing') AS columns
    JOIN (SELECT delivery_id, entity, max(value) FILTER (measure = 'received') AS received, max(value) FILTER (measure = 'refused') AS refused
        FROM told WHERE column_name IS NULL GROUP BY ALL) AS entities USING (delivery_id, entity)
), counted AS (
    SELECT sized.*, told.code, told.value * sized.known AS count
    FROM sized JOIN told USING (delivery_id, entity, column_name) WHERE told.measure = 'code'
), pool AS (
    SELECT sender, kind, entity, column_name, code, sum(count) FILTER (NOT is_judged) AS count FROM counted GROUP BY ALL
), pooled AS (
    SELECT sender, kind, entity, column_name, coalesce(sum(count), 0) AS total, count(*) AS codes FROM pool GROUP BY ALL
), told_columns AS (
    SELECT DISTINCT delivery_id, is_judged, sender, kind, entity, column_name, known FROM counted
), shares AS (
    SELECT one.*, pooled.total, pooled.codes,
        (coalesce(counted.count, 0) + 0.5) / (one.known + 0.5 * pooled.codes) AS own,
        (coalesce(pool.count, 0) + 0.5) / (pooled.total + 0.5 * pooled.codes) AS usual
    FROM told_columns AS one
    JOIN pooled USING (sender, kind, entity, column_name)
    JOIN pool USING (sender, kind, entity, column_name)
    LEFT JOIN counted ON counted.delivery_id = one.delivery_id AND counted.entity = one.entity AND counted.column_name = one.column_name
        AND counted.code = pool.code
)
SELECT delivery_id, is_judged, sender, kind, entity, column_name, known, total, codes, sum((own - usual) * ln(own / usual)) AS stability
FROM shares
GROUP BY ALL
