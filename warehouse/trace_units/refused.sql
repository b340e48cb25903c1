-- One row per refused record of this and earlier versions.
SELECT
    refused_record.delivery_id::text AS delivery_id,
    delivery.source,
    refused_record.entity,
    refused_record.position,
    refused_record.source_key,
    refused_record.rule,
    refused_record.rule_version
FROM quality.refused_record
INNER JOIN quality.delivery ON delivery.delivery_id = refused_record.delivery_id
WHERE refused_record.refused_at_version <= (SELECT core.visible_version())
ORDER BY delivery.received_at, refused_record.delivery_id, refused_record.entity, refused_record.position
