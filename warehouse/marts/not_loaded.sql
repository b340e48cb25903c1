-- One row per delivery that had been received when the version was made and is not part of it: held, failed, or still under way. Repeats are left out.
SELECT
    delivery.delivery_id,
    delivery.source,
    delivery.origin,
    delivery.sha256,
    delivery.size_bytes,
    delivery.received_at,
    delivery.as_of,
    delivery.state,
    delivery.held_code
FROM quality.delivery
INNER JOIN quality.version ON version.version = (SELECT core.visible_version())
WHERE
    delivery.received_at <= version.created_at
    AND delivery.state <> 'duplicate'
    AND (delivery.version IS NULL OR delivery.version > version.version)
