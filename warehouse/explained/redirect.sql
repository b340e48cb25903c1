-- One row per version in which an id was led to a pupil looked at.
SELECT change.from_pupil_id AS pupil_id, change.to_pupil_id AS redirect_to, change.version AS redirect_version
FROM identity.explained_look AS look
JOIN identity.change ON change.to_pupil_id = look.pupil_id AND change.kind IN ('merged', 'redirected')
