-- One row per gate and thing checked in the latest run of that gate: how many expectations held and how many did not.
WITH latest AS (
    SELECT DISTINCT ON (validation_result.gate)
        validation_result.gate,
        validation_result.run_id
    FROM quality.validation_result
    ORDER BY validation_result.gate, validation_result.at DESC, validation_result.run_id
)

SELECT
    validation_result.gate,
    validation_result.run_id,
    validation_result.subject_checked,
    validation_result.suite,
    count(*) FILTER (WHERE validation_result.success)::integer AS passed_count,
    count(*) FILTER (WHERE NOT validation_result.success)::integer AS failed_count,
    sum(validation_result.unexpected)::bigint AS unexpected_count,
    max(validation_result.at) AS checked_at
FROM latest
INNER JOIN quality.validation_result ON validation_result.gate = latest.gate AND validation_result.run_id = latest.run_id
GROUP BY validation_result.gate, validation_result.run_id, validation_result.subject_checked, validation_result.suite
