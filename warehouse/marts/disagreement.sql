-- One row per golden field, winning source and number of sources: how many cells, and in how many of them some source says otherwise.
SELECT
    pupil_cell.field,
    pupil_cell.source,
    pupil_cell.sources AS source_count,
    count(*)::integer AS cell_count,
    count(*) FILTER (WHERE pupil_cell.disagreement > 0)::integer AS disagreement_count
FROM core.pupil_cell
WHERE
    pupil_cell.version_from <= (SELECT core.visible_version()) AND pupil_cell.version_to > (SELECT core.visible_version())
    AND NOT EXISTS (SELECT 1 FROM identity.hidden_pupil WHERE hidden_pupil.pupil_id = pupil_cell.pupil_id)
GROUP BY pupil_cell.field, pupil_cell.source, pupil_cell.sources
