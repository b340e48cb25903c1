-- One row per gate and thing checked, in the latest run up to the version's own gate: how many expectations held, failed, refuse records one by one, or only warn.
-- A version's moment is the first run of its last gate (forms, else warehouse) that let it pass (its publication), so that checks made later never change its report.
WITH moment AS MATERIALIZED (
    SELECT COALESCE(min(run.at) FILTER (WHERE run.gate = 'form'), min(run.at), min(version.created_at)) AS at
    FROM quality.version
    LEFT JOIN (
        SELECT
            validation_result.gate,
            validation_result.subject_checked,
            validation_result.at
        FROM quality.validation_result
        WHERE validation_result.gate IN ('warehouse', 'form')
        GROUP BY validation_result.gate, validation_result.subject_checked, validation_result.at
        HAVING bool_and(validation_result.success OR COALESCE(validation_result.severity, validation_result.kwargs ->> 'severity', 'hold') = 'warn')
    ) AS run ON run.subject_checked = concat('version ', version.version)
    WHERE version.version = (SELECT core.visible_version())
),

latest AS (
    SELECT DISTINCT ON (validation_result.gate, validation_result.suite)
        validation_result.gate,
        validation_result.suite,
        validation_result.run_id,
        validation_result.subject_checked,
        validation_result.at
    FROM quality.validation_result
    WHERE
        validation_result.at <= (SELECT moment.at FROM moment)
        AND (validation_result.gate NOT IN ('warehouse', 'form') OR validation_result.subject_checked = concat('version ', (SELECT core.visible_version())))
    ORDER BY validation_result.gate, validation_result.suite, validation_result.at DESC, validation_result.run_id
)

SELECT
    validation_result.gate,
    validation_result.run_id,
    validation_result.subject_checked,
    validation_result.suite,
    count(*) FILTER (WHERE validation_result.success)::integer AS passed_count,
    count(*) FILTER (
        WHERE NOT validation_result.success AND COALESCE(validation_result.severity, validation_result.kwargs ->> 'severity', 'hold') NOT IN ('warn', 'refuse')
    )::integer AS failed_count,
    count(*) FILTER (WHERE NOT validation_result.success AND COALESCE(validation_result.severity, validation_result.kwargs ->> 'severity') = 'refuse')::integer
        AS refusing_count,
    count(*) FILTER (WHERE NOT validation_result.success AND COALESCE(validation_result.severity, validation_result.kwargs ->> 'severity') = 'warn')::integer AS warned_count,
    sum(validation_result.unexpected)::bigint AS unexpected_count,
    max(validation_result.at) AS checked_at
FROM latest
INNER JOIN quality.validation_result
    ON validation_result.gate = latest.gate
    AND validation_result.suite = latest.suite
    AND validation_result.run_id = latest.run_id
    AND validation_result.subject_checked = latest.subject_checked
    AND validation_result.at = latest.at
GROUP BY validation_result.gate, validation_result.run_id, validation_result.subject_checked, validation_result.suite
