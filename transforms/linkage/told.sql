-- One row per spoken row of the clusters to be scored, with what the cluster knows beside names.
SELECT spoken.id AS unique_id, spoken.* EXCLUDE (id), known.* EXCLUDE (root)
FROM known
JOIN spoken ON spoken.root = known.root
