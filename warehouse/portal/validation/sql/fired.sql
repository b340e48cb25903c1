-- One row per run, source, kind of records and rule that did not hold.
SELECT
    counted.as_of,
    counted.source,
    counted.gate,
    counted.entity,
    counted.rule,
    max(counted.severity) AS severity,
    max(counted.rule_version)::integer AS rule_version,
    count(DISTINCT counted.delivery_id)::integer AS deliveries,
    sum(counted.evaluated)::bigint AS evaluated,
    sum(counted.unexpected)::bigint AS unexpected
FROM counted
WHERE NOT counted.success
GROUP BY counted.as_of, counted.source, counted.gate, counted.entity, counted.rule
ORDER BY counted.as_of, counted.source, counted.gate, counted.entity, counted.rule
