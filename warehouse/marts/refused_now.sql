-- One row per source and entity: records refused in the latest delivery of each sender, each counted once. What waits to be mended today.
WITH latest AS (
    SELECT DISTINCT ON (delivery.source, delivery.origin)
        delivery.delivery_id,
        delivery.source
    FROM quality.delivery
    WHERE delivery.state = 'loaded' AND delivery.version <= (SELECT core.visible_version())
    ORDER BY delivery.source, delivery.origin, delivery.received_at DESC, delivery.version DESC, delivery.delivery_id
)

SELECT
    latest.source,
    refused_record.entity,
    count(DISTINCT COALESCE(refused_record.source_key, concat(refused_record.delivery_id, ' ', refused_record.position)))::integer AS refused_count,
    count(DISTINCT refused_record.delivery_id)::integer AS delivery_count
FROM latest
INNER JOIN quality.refused_record ON refused_record.delivery_id = latest.delivery_id
GROUP BY latest.source, refused_record.entity
