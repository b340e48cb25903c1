-- One row per run and source: deliveries and records, each record once (its second life, a replay, is counted beside).
SELECT
    delivered.as_of,
    delivered.source,
    count(*) FILTER (WHERE delivered.replay_of IS NULL)::integer AS deliveries,
    count(DISTINCT left(delivered.origin, 13)) FILTER (WHERE delivered.replay_of IS NULL)::integer AS senders,
    count(*) FILTER (WHERE delivered.state = 'held')::integer AS held,
    count(*) FILTER (WHERE delivered.state = 'waiting')::integer AS waiting,
    count(*) FILTER (WHERE delivered.state = 'duplicate')::integer AS repeats,
    COALESCE(sum(delivered.received) FILTER (WHERE delivered.replay_of IS NULL), 0)::bigint AS received,
    COALESCE(sum(delivered.loaded) FILTER (WHERE delivered.replay_of IS NULL), 0)::bigint AS loaded,
    COALESCE(sum(delivered.unchanged) FILTER (WHERE delivered.replay_of IS NULL), 0)::bigint AS unchanged,
    COALESCE(sum(delivered.superseded) FILTER (WHERE delivered.replay_of IS NULL), 0)::bigint AS superseded,
    COALESCE(sum(delivered.refused) FILTER (WHERE delivered.replay_of IS NULL), 0)::bigint AS refused,
    COALESCE(sum(delivered.received - delivered.refused) FILTER (WHERE delivered.replay_of IS NOT NULL), 0)::bigint AS replayed
FROM delivered
GROUP BY delivered.as_of, delivered.source
ORDER BY delivered.as_of, delivered.source
