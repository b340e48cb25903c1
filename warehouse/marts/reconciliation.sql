-- One row per loaded delivery and entity: what became of every record received (the feedback shape of the exchange of contingents).
SELECT
    delivery.delivery_id,
    delivery.source,
    delivery.origin,
    delivery.sha256,
    delivery.received_at,
    delivery.as_of,
    delivery.version,
    delivery_entity.entity,
    delivery_entity.received AS total,
    delivery_entity.refused,
    delivery_entity.received - delivery_entity.refused AS processed,
    delivery_entity.created,
    delivery_entity.updated,
    delivery_entity.unchanged,
    delivery_entity.superseded,
    delivery_entity.withdrawn
FROM quality.delivery
INNER JOIN quality.delivery_entity ON delivery_entity.delivery_id = delivery.delivery_id
WHERE delivery.state = 'loaded' AND delivery.version <= (SELECT core.visible_version())
