-- One row per current person record, and per record refused for its number (`is_record` is false).
SELECT
    snils_record.record_id,
    snils_record.source,
    TRUE AS is_record,
    snils_record.is_missing,
    snils_record.is_shared_record,
    snils_record.is_shared_pupil,
    snils_record.is_unconfirmed,
    NULL AS delivery_id,
    NULL AS entity,
    NULL AS position,
    NULL AS source_key,
    NULL AS rule,
    NULL::bigint AS rule_version
FROM marts.snils_record
UNION ALL
SELECT DISTINCT ON (delivery.source, COALESCE(refused_record.source_key, concat(refused_record.delivery_id, refused_record.position)))
    NULL::bigint,
    delivery.source,
    FALSE,
    FALSE,
    FALSE,
    FALSE,
    FALSE,
    refused_record.delivery_id::text,
    refused_record.entity,
    refused_record.position,
    refused_record.source_key,
    refused_record.rule,
    refused_record.rule_version
FROM quality.refused_record
INNER JOIN quality.delivery ON delivery.delivery_id = refused_record.delivery_id
WHERE refused_record.rule LIKE 'person.snils.%' AND refused_record.refused_at_version <= (SELECT core.visible_version())
ORDER BY source, record_id
