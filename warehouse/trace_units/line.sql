-- One row per settled delivery and entity: what became of its records.
SELECT
    reconciliation.delivery_id::text AS delivery_id,
    reconciliation.source,
    reconciliation.origin,
    reconciliation.entity,
    reconciliation.sha256,
    reconciliation.total,
    reconciliation.refused,
    reconciliation.processed,
    reconciliation.created,
    reconciliation.updated,
    reconciliation.unchanged,
    reconciliation.superseded,
    reconciliation.withdrawn
FROM marts.reconciliation
ORDER BY reconciliation.received_at, reconciliation.delivery_id, reconciliation.entity
