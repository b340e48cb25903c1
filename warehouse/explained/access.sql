-- One row per line of the trail about a pupil looked at: when, in which role, why; who of the staff it was stays with the auditor.
SELECT access.access_id, access.pupil_id, access.at, access.role, access.action, access.purpose, access.ground
FROM identity.explained_look AS look
JOIN audit.access ON access.pupil_id = look.pupil_id
