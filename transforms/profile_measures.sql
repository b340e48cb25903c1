-- One row per judged delivery, column and measure: what was observed, what is usual for its sender, and on how many values it rests.
WITH sized AS (
    SELECT delivery_id, entity, max(value) FILTER (measure = 'received') AS received, max(value) FILTER (measure = 'refused') AS refused
    FROM present WHERE column_name IS NULL GROUP BY ALL
), missing AS (
    SELECT delivery_id, entity, column_name, value AS missing FROM present WHERE measure = 'missing'
), deviation AS (
    SELECT delivery_id, entity, column_name, replace(measure, '_deviation', '') AS measure, value AS deviation FROM present WHERE measure LIKE '%\_deviation' ESCAPE '\'
), plain AS (
    SELECT present.delivery_id, present.entity, present.column_name, present.measure, present.value AS observed,
        CASE WHEN measure IN ('received', 'refused') THEN received WHEN column_name IS NULL OR measure = 'missing' THEN received * (1 - refused)
            ELSE received * (1 - refused) * (1 - missing) END AS rows_seen,
        usual.usual, usual.spread, usual.usual_log, usual.spread_log, usual.lowest, usual.highest, deviation.deviation,
        other.usual AS usual_deviation, usual.deliveries, usual.days
    FROM present
    JOIN sized USING (delivery_id, entity)
    LEFT JOIN missing USING (delivery_id, entity, column_name)
    LEFT JOIN deviation USING (delivery_id, entity, column_name, measure)
    JOIN profile_history AS usual ON usual.sender = present.sender AND usual.kind = present.kind AND usual.entity = present.entity
        AND usual.column_name IS NOT DISTINCT FROM present.column_name AND usual.measure = present.measure
    LEFT JOIN profile_history AS other ON other.sender = present.sender AND other.kind = present.kind AND other.entity = present.entity
        AND other.column_name IS NOT DISTINCT FROM present.column_name AND other.measure = present.measure || '_deviation'
    WHERE present.measure <> 'code'
)
SELECT * REPLACE (round(rows_seen) AS rows_seen), NULL::DOUBLE AS codes, NULL::DOUBLE AS total FROM plain
UNION ALL BY NAME
SELECT delivery_id, entity, column_name, 'stability' AS measure, stability AS observed, known AS rows_seen, codes::DOUBLE AS codes, total,
    usual.usual, usual.spread, usual.highest, usual.deliveries, usual.days
FROM profile_stability
JOIN (SELECT sender, kind, entity, column_name, median(stability) AS usual, 1.4826 * mad(stability) AS spread, max(stability) AS highest,
        count(DISTINCT profile_stability.delivery_id) AS deliveries, count(DISTINCT days.as_of) AS days
    FROM profile_stability JOIN (SELECT DISTINCT delivery_id, as_of FROM history) AS days USING (delivery_id) WHERE NOT is_judged GROUP BY ALL) AS usual
    USING (sender, kind, entity, column_name)
WHERE is_judged
