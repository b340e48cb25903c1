-- One row per cluster: its pupil id, the smallest of those it owns, or a negative one numbered by its first record.
WITH kept AS (
    SELECT root, min(pupil_id) AS pupil_id FROM owner GROUP BY root
), fresh AS (
    SELECT root, CAST(-row_number() OVER (ORDER BY root) AS BIGINT) AS pupil_id
    FROM (SELECT DISTINCT root FROM settled)
    WHERE root NOT IN (SELECT root FROM kept)
)
SELECT root, pupil_id FROM kept
UNION ALL
SELECT root, pupil_id FROM fresh
