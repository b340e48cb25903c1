-- One row per gate and thing checked, in the latest run that checked it: how many expectations held, failed, or only warn.
WITH latest AS (
    SELECT DISTINCT ON (validation_result.gate, validation_result.suite)
        validation_result.gate,
        validation_result.suite,
        validation_result.run_id,
        validation_result.subject_checked
    FROM quality.validation_result
    ORDER BY validation_result.gate, validation_result.suite, validation_result.at DESC, validation_result.run_id
)

SELECT
    validation_result.gate,
    validation_result.run_id,
    validation_result.subject_checked,
    validation_result.suite,
    count(*) FILTER (WHERE validation_result.success)::integer AS passed_count,
    count(*) FILTER (
        WHERE NOT validation_result.success AND COALESCE(validation_result.kwargs ->> 'severity', 'hold') <> 'warn'
    )::integer AS failed_count,
    count(*) FILTER (WHERE NOT validation_result.success AND validation_result.kwargs ->> 'severity' = 'warn')::integer AS warned_count,
    sum(validation_result.unexpected)::bigint AS unexpected_count,
    max(validation_result.at) AS checked_at
FROM latest
INNER JOIN quality.validation_result
    ON validation_result.gate = latest.gate
    AND validation_result.suite = latest.suite
    AND validation_result.run_id = latest.run_id
    AND validation_result.subject_checked = latest.subject_checked
GROUP BY validation_result.gate, validation_result.run_id, validation_result.subject_checked, validation_result.suite
