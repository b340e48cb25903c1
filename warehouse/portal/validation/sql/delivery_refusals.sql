-- One row per refused record of the deliveries asked for.
SELECT
    refusal.delivery_id,
    refusal.entity,
    refusal.position,
    refusal.source_key,
    refusal.rule,
    refusal.rule_version::integer AS rule_version,
    refusal.replayed_by
FROM refusal
WHERE refusal.delivery_id = ANY(CAST(:ids AS uuid []))
ORDER BY refusal.delivery_id, refusal.entity, length(refusal.position), refusal.position, refusal.rule
