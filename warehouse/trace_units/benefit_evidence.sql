-- One row per child, benefit and thing to be shown for it: what the figures of evidence are sums of.
SELECT
    benefit_evidence.pupil_id,
    benefit_evidence.benefit,
    benefit_evidence.evidence,
    benefit_evidence.evidence_status,
    benefit_evidence.contradiction,
    benefit_evidence.source,
    benefit_evidence.received_date,
    benefit_evidence.valid_from,
    benefit_evidence.valid_to,
    benefit_evidence.is_paper_saved,
    benefit_evidence.is_expiring
FROM marts.benefit_evidence
ORDER BY benefit_evidence.benefit, benefit_evidence.pupil_id, benefit_evidence.evidence_number
