-- One row per pupil that was there before: the cluster that keeps its id. Of the parts of a split pupil the one with the strongest
-- evidence keeps it, then the one with more of its records.
WITH claim AS (
    SELECT previous.pupil_id, settled.root, max(coalesce(settled.weight, 0)) AS weight, count(*) AS records
    FROM previous
    JOIN person ON person.record_id = previous.record_id
    JOIN settled ON settled.n = person.n
    GROUP BY previous.pupil_id, settled.root
), ranked AS (
    SELECT pupil_id, root, row_number() OVER (PARTITION BY pupil_id ORDER BY weight DESC, records DESC, root) AS place
    FROM claim
)
SELECT pupil_id, root FROM ranked WHERE place = 1
