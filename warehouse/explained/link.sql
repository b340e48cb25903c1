-- One row per span of versions in which a record belonged to a pupil looked at.
SELECT link.record_id, link.pupil_id, link.rule, link.weight, link.evidence_record_id, link.link_status, link.version_from, link.version_to
FROM identity.explained_look AS look
JOIN identity.link ON link.pupil_id = look.pupil_id
