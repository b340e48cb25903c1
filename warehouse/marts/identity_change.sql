-- One row per thing that happened to one record or one pupil id in one version: whoever holds version N replays the rows with version > N
-- and holds the visible version (docs/changes.md says how). What is sealed is left out. Asked for by those who keep a copy of the registry.
SELECT change.change_id, change.version, change.kind, change.record_id, change.from_pupil_id, change.to_pupil_id
FROM identity.change
WHERE change.version <= (SELECT core.visible_version())
  AND NOT EXISTS (SELECT FROM identity.hidden_record AS hidden WHERE hidden.record_id = change.record_id)
  AND NOT EXISTS (SELECT FROM identity.hidden_pupil AS hidden WHERE hidden.pupil_id IN (change.from_pupil_id, change.to_pupil_id))
