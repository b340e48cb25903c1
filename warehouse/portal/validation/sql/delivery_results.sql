-- One row per rule asked of the deliveries asked for.
SELECT
    counted.delivery_id,
    counted.gate,
    counted.entity,
    counted.rule,
    max(counted.title) AS title,
    max(counted.severity) AS severity,
    max(counted.rule_version)::integer AS rule_version,
    bool_and(counted.success) AS success,
    sum(counted.evaluated)::bigint AS evaluated,
    sum(counted.unexpected)::bigint AS unexpected
FROM counted
WHERE counted.delivery_id = ANY(CAST(:ids AS uuid []))
GROUP BY counted.delivery_id, counted.gate, counted.entity, counted.rule
ORDER BY counted.delivery_id, bool_and(counted.success), counted.gate, counted.entity, counted.rule
