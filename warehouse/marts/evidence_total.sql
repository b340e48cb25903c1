-- One row per benefit, thing to be shown and source: how many children have it proved, contradictory, expired, or need a document, on the report date.
-- built
SELECT
    benefit_evidence.benefit,
    benefit_evidence.rule_standing,
    benefit_evidence.evidence,
    benefit_evidence.source,
    count(*)::integer AS evidence_count,
    count(*) FILTER (WHERE benefit_evidence.evidence_status = 'proved')::integer AS proved_count,
    count(*) FILTER (WHERE benefit_evidence.evidence_status = 'document')::integer AS document_count,
    count(*) FILTER (WHERE benefit_evidence.evidence_status = 'expired')::integer AS expired_count,
    count(*) FILTER (WHERE benefit_evidence.evidence_status = 'contradictory')::integer AS contradictory_count,
    count(*) FILTER (WHERE benefit_evidence.is_expiring)::integer AS expiring_count,
    count(*) FILTER (WHERE benefit_evidence.is_paper_saved)::integer AS saved_count,
    max(benefit_evidence.received_date) AS received_date
FROM marts.benefit_evidence
GROUP BY benefit_evidence.benefit, benefit_evidence.rule_standing, benefit_evidence.evidence, benefit_evidence.source
