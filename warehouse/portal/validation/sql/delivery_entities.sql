-- One row per kind of records of the deliveries asked for.
SELECT
    delivery_entity.delivery_id,
    delivery_entity.entity,
    delivery_entity.received,
    delivery_entity.created,
    delivery_entity.updated,
    delivery_entity.unchanged,
    delivery_entity.superseded,
    delivery_entity.refused,
    delivery_entity.withdrawn
FROM quality.delivery_entity
INNER JOIN delivered ON delivered.delivery_id = delivery_entity.delivery_id AND delivered.state IN ('loaded', 'duplicate')
WHERE delivery_entity.delivery_id = ANY(CAST(:ids AS uuid []))
ORDER BY delivery_entity.delivery_id, delivery_entity.entity
