-- One row per golden cell: which record and rule gave it.
SELECT
    pupil_cell.pupil_id,
    pupil_cell.field,
    pupil_cell.source,
    pupil_cell.rule,
    pupil_cell.disagreement,
    pupil_cell.sources AS source_count
FROM core.pupil_cell
WHERE
    pupil_cell.version_from <= (SELECT core.visible_version()) AND pupil_cell.version_to > (SELECT core.visible_version())
ORDER BY pupil_cell.pupil_id, pupil_cell.field
