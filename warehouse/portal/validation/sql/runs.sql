-- One row per run: a business day and the versions it wrote.
SELECT
    version.as_of,
    min(version.version) AS first_version,
    max(version.version) AS last_version
FROM quality.version
WHERE version.version <= :version AND version.as_of IS NOT NULL
GROUP BY version.as_of
ORDER BY version.as_of
