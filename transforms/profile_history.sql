-- One row per sender, kind of delivery, column and measure (codes apart): what is usual there, how far deliveries of the history lie from it, and how many tell.
SELECT
    sender, kind, entity, column_name, measure,
    median(value) AS usual,
    1.4826 * mad(value) AS spread,
    median(ln(1 + abs(value))) AS usual_log,
    1.4826 * mad(ln(1 + abs(value))) AS spread_log,
    min(value) AS lowest, max(value) AS highest,
    count(DISTINCT delivery_id) AS deliveries,
    count(DISTINCT as_of) AS days
FROM history
WHERE measure <> 'code'
GROUP BY ALL
