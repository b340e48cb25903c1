-- One row per run, source, kind of records, rule and its version: records refused, and those of them loaded since by a replay.
SELECT
    refusal.as_of,
    refusal.source,
    refusal.entity,
    refusal.rule,
    refusal.rule_version::integer AS rule_version,
    count(*)::bigint AS refused,
    count(refusal.replayed_by)::bigint AS replayed,
    count(DISTINCT refusal.delivery_id)::integer AS deliveries
FROM refusal
GROUP BY refusal.as_of, refusal.source, refusal.entity, refusal.rule, refusal.rule_version
ORDER BY refusal.as_of, refusal.source, refusal.entity, refusal.rule, refusal.rule_version
