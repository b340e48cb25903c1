-- The moment of a version: the first run of the warehouse gate that let it pass, else its writing. What came later does not change its pages.
SELECT COALESCE(min(run.at), min(version.created_at)) AS at
FROM quality.version
LEFT JOIN (
    SELECT
        COALESCE(validation_result.version, CAST(substring(validation_result.subject_checked FROM '^version (\d+)$') AS bigint)) AS version,
        validation_result.at
    FROM quality.validation_result
    WHERE validation_result.gate = 'warehouse'
    GROUP BY 1, 2
    HAVING bool_and(validation_result.success OR COALESCE(validation_result.severity, validation_result.kwargs ->> 'severity', 'hold') = 'warn')
) AS run ON run.version = version.version
WHERE version.version = :version
