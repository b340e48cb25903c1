-- One row per span of versions of one golden cell of a pupil looked at: whence its value comes and how many disagree.
SELECT cell.pupil_id, cell.field, cell.record_id, cell.source, cell.rule, cell.disagreement, cell.sources, cell.version_from, cell.version_to
FROM identity.explained_look AS look
JOIN core.pupil_cell AS cell ON cell.pupil_id = look.pupil_id
