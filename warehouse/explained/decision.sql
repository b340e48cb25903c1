-- One row per person's word on a record of a pupil looked at, and whether a later one on the same pair overrules it.
SELECT decision.decision_id, decision.record_id, decision.other_record_id, decision.verdict, decision.reason, decision.decided_by, decision.decided_at,
       decision.created_version, EXISTS (SELECT FROM identity.decision AS later WHERE later.record_id = decision.record_id
           AND later.other_record_id = decision.other_record_id AND later.decision_id > decision.decision_id) AS is_overruled
FROM identity.decision
WHERE decision.record_id IN (SELECT record_id FROM identity.explained_link) OR decision.other_record_id IN (SELECT record_id FROM identity.explained_link)
