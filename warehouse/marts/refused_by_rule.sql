-- One row per source, entity and rule: how many records the rule has kept out of this and earlier versions, from how many deliveries.
SELECT
    delivery.source,
    refused_record.entity,
    refused_record.rule,
    refused_record.rule_version,
    count(*)::integer AS refused_count,
    count(DISTINCT refused_record.delivery_id)::integer AS delivery_count,
    max(refused_record.refused_at_version) AS latest_version
FROM quality.refused_record
INNER JOIN quality.delivery ON delivery.delivery_id = refused_record.delivery_id
WHERE refused_record.refused_at_version <= (SELECT core.visible_version())
GROUP BY delivery.source, refused_record.entity, refused_record.rule, refused_record.rule_version
