-- One row per run, source and reason: deliveries held whole, as they stood when the version was published.
SELECT
    delivered.as_of,
    delivered.source,
    COALESCE(delivered.held_code, 'unknown') AS rule,
    count(*)::integer AS deliveries
FROM delivered
WHERE delivered.state = 'held'
GROUP BY delivered.as_of, delivered.source, COALESCE(delivered.held_code, 'unknown')
ORDER BY delivered.as_of, delivered.source, COALESCE(delivered.held_code, 'unknown')
