-- One row per source and entity: all records received in the deliveries of this and earlier versions, each once, and what became of them at first;
-- `replayed` of the refused ones came in later, by a replay.
WITH counted AS (
    SELECT
        reconciliation.*,
        NOT reconciliation.is_replay AS is_first
    FROM marts.reconciliation
)

SELECT
    counted.source,
    counted.entity,
    (count(*) FILTER (WHERE counted.is_first))::integer AS delivery_count,
    COALESCE(sum(counted.total) FILTER (WHERE counted.is_first), 0)::bigint AS total,
    COALESCE(sum(counted.refused) FILTER (WHERE counted.is_first), 0)::bigint AS refused,
    COALESCE(sum(counted.processed) FILTER (WHERE counted.is_first), 0)::bigint AS processed,
    COALESCE(sum(counted.created) FILTER (WHERE counted.is_first), 0)::bigint AS created,
    COALESCE(sum(counted.updated) FILTER (WHERE counted.is_first), 0)::bigint AS updated,
    COALESCE(sum(counted.unchanged) FILTER (WHERE counted.is_first), 0)::bigint AS unchanged,
    COALESCE(sum(counted.superseded) FILTER (WHERE counted.is_first), 0)::bigint AS superseded,
    COALESCE(sum(counted.withdrawn) FILTER (WHERE counted.is_first), 0)::bigint AS withdrawn,
    COALESCE(sum(counted.processed) FILTER (WHERE NOT counted.is_first), 0)::bigint AS replayed
FROM counted
GROUP BY counted.source, counted.entity
