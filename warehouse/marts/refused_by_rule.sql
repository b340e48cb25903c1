-- One row per source, entity and rule: how many records the rule has kept out of this and earlier versions, from how many deliveries, each counted once;
-- `open_count` of its refusals, those of replays included, still stand.
SELECT
    delivery.source,
    refused_record.entity,
    refused_record.rule,
    refused_record.rule_version,
    (count(*) FILTER (WHERE delivery.replay_of IS NULL))::integer AS refused_count,
    (count(*) FILTER (WHERE replay.delivery_id IS NULL))::integer AS open_count,
    count(DISTINCT COALESCE(delivery.replay_of, delivery.delivery_id))::integer AS delivery_count,
    max(refused_record.refused_at_version) AS latest_version
FROM quality.refused_record
INNER JOIN quality.delivery ON delivery.delivery_id = refused_record.delivery_id
LEFT JOIN quality.delivery AS replay
    ON replay.delivery_id = refused_record.replayed_by AND replay.version <= (SELECT core.visible_version())
WHERE refused_record.refused_at_version <= (SELECT core.visible_version())
GROUP BY delivery.source, refused_record.entity, refused_record.rule, refused_record.rule_version
