-- One row per delivery, the newest first, at most :most; `failed` counts the rules that did not hold on it.
SELECT
    delivered.delivery_id,
    delivered.source,
    delivered.origin,
    delivered.media,
    delivered.sha256,
    delivered.size_bytes,
    delivered.received_at,
    delivered.as_of,
    delivered.replay_of,
    delivered.held_code,
    delivered.version,
    delivered.state,
    delivered.received,
    delivered.loaded,
    delivered.unchanged,
    delivered.superseded,
    delivered.refused,
    COALESCE(broken.failed, 0) AS failed,
    COALESCE(broken.warned, 0) AS warned
FROM delivered
LEFT JOIN (
    SELECT
        counted.delivery_id,
        count(DISTINCT counted.rule) FILTER (WHERE counted.severity <> 'warn')::integer AS failed,
        count(DISTINCT counted.rule) FILTER (WHERE counted.severity = 'warn')::integer AS warned
    FROM counted
    WHERE counted.delivery_id IS NOT NULL AND NOT counted.success
    GROUP BY counted.delivery_id
) AS broken ON broken.delivery_id = delivered.delivery_id
ORDER BY delivered.as_of DESC, delivered.received_at DESC, delivered.delivery_id
LIMIT :most
