-- One row per source and entity: all records received in the deliveries of this and earlier versions, and what became of them.
SELECT
    reconciliation.source,
    reconciliation.entity,
    count(*)::integer AS delivery_count,
    sum(reconciliation.total)::bigint AS total,
    sum(reconciliation.refused)::bigint AS refused,
    sum(reconciliation.processed)::bigint AS processed,
    sum(reconciliation.created)::bigint AS created,
    sum(reconciliation.updated)::bigint AS updated,
    sum(reconciliation.unchanged)::bigint AS unchanged,
    sum(reconciliation.superseded)::bigint AS superseded,
    sum(reconciliation.withdrawn)::bigint AS withdrawn
FROM marts.reconciliation
GROUP BY reconciliation.source, reconciliation.entity
