-- One row per delivery settled when the version was made (loaded, or a repeat of a loaded one) and entity: what became of every record received. A replay has rows of its own.
SELECT
    delivery.delivery_id,
    delivery.source,
    delivery.origin,
    delivery.sha256,
    delivery.received_at,
    delivery.as_of,
    delivery.version,
    delivery.state = 'duplicate' AS is_repeat,
    delivery.replay_of IS NOT NULL AS is_replay,
    delivery_entity.entity,
    delivery_entity.received AS total,
    delivery_entity.refused,
    delivery_entity.received - delivery_entity.refused AS processed,
    delivery_entity.created,
    delivery_entity.updated,
    delivery_entity.unchanged,
    delivery_entity.superseded,
    delivery_entity.withdrawn
FROM quality.version
INNER JOIN quality.delivery
    ON delivery.version <= version.version
    AND (delivery.state = 'loaded' OR (delivery.state = 'duplicate' AND delivery.received_at <= version.created_at))
INNER JOIN quality.delivery_entity ON delivery_entity.delivery_id = delivery.delivery_id
WHERE version.version = (SELECT core.visible_version())
