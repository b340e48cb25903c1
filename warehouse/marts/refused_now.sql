-- One row per source and entity: records of the latest delivery of each sender whose refusal stands, each counted once. What waits to be mended today.
WITH latest AS (
    SELECT DISTINCT ON (delivery.source, delivery.origin)
        delivery.delivery_id,
        delivery.source
    FROM quality.delivery
    WHERE delivery.state = 'loaded' AND delivery.replay_of IS NULL AND delivery.version <= (SELECT core.visible_version())
    ORDER BY delivery.source, delivery.origin, delivery.received_at DESC, delivery.version DESC, delivery.delivery_id
)

SELECT
    latest.source,
    refused_record.entity,
    count(DISTINCT COALESCE(refused_record.source_key, concat(latest.delivery_id, ' ', refused_record.position)))::integer AS refused_count,
    count(DISTINCT latest.delivery_id)::integer AS delivery_count
FROM latest
INNER JOIN quality.delivery AS life
    ON (life.delivery_id = latest.delivery_id OR life.replay_of = latest.delivery_id) AND life.version <= (SELECT core.visible_version())
INNER JOIN quality.refused_record ON refused_record.delivery_id = life.delivery_id
LEFT JOIN quality.delivery AS replay
    ON replay.delivery_id = refused_record.replayed_by AND replay.version <= (SELECT core.visible_version())
WHERE replay.delivery_id IS NULL
GROUP BY latest.source, refused_record.entity
