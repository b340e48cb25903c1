-- One row per golden field and version that changed its cells: by how many cells, and cells with disagreement, the version has more than the one before.
WITH cell AS (
    SELECT
        pupil_cell.field,
        pupil_cell.disagreement,
        pupil_cell.version_from,
        pupil_cell.version_to
    FROM core.pupil_cell
    WHERE
        pupil_cell.version_from <= (SELECT core.visible_version())
        AND NOT EXISTS (SELECT 1 FROM identity.hidden_pupil WHERE hidden_pupil.pupil_id = pupil_cell.pupil_id)
)

SELECT
    change.field,
    change.version,
    sum(change.step)::bigint AS cell_change,
    COALESCE(sum(change.step) FILTER (WHERE change.disagreement > 0), 0)::bigint AS disagreement_change
FROM (
    SELECT
        cell.field,
        cell.disagreement,
        cell.version_from AS version,
        1 AS step
    FROM cell
    UNION ALL
    SELECT
        cell.field,
        cell.disagreement,
        cell.version_to AS version,
        -1 AS step
    FROM cell
    WHERE cell.version_to <= (SELECT core.visible_version())
) AS change
GROUP BY change.field, change.version
