-- One row per id that leads or led to a pupil looked at.
SELECT change.from_pupil_id AS pupil_id, change.to_pupil_id AS redirect_to, change.version AS redirect_version, pupil.redirect_to IS NULL AS is_past
FROM identity.explained_look AS look
JOIN identity.change ON change.to_pupil_id = look.pupil_id AND change.kind IN ('merged', 'redirected')
JOIN identity.pupil ON pupil.pupil_id = change.from_pupil_id
