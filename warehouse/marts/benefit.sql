-- One row per child and benefit asked about on the report date: the days the right holds [valid_from, valid_to), whether it is proved, and the papers not asked.
-- built
WITH shown AS (
    SELECT
        benefit_evidence.pupil_id,
        benefit_evidence.benefit,
        benefit_evidence.rule_standing,
        (ARRAY['proved', 'document', 'expired', 'contradictory'])[max(
            array_position(ARRAY['proved', 'document', 'expired', 'contradictory'], benefit_evidence.evidence_status)
        )] AS benefit_status,
        max(benefit_evidence.valid_from) FILTER (WHERE benefit_evidence.evidence_status <> 'expired') AS valid_from,
        min(benefit_evidence.valid_to) AS valid_to,
        count(*)::integer AS evidence_count,
        (count(*) FILTER (WHERE benefit_evidence.is_paper_saved))::integer AS saved_count,
        (count(*) FILTER (WHERE benefit_evidence.evidence_status IN ('document', 'expired')))::integer AS needed_count,
        bool_or(benefit_evidence.is_expiring) AS is_expiring,
        min(benefit_evidence.fact_number) FILTER (
            WHERE benefit_evidence.evidence = 'birth_order' AND benefit_evidence.evidence_status = 'proved'
        ) AS child_number,
        min(benefit_evidence.organisation_key) FILTER (WHERE benefit_evidence.evidence IN ('grade', 'kindergarten')) AS organisation_key,
        min(benefit_evidence.fact_number) FILTER (WHERE benefit_evidence.evidence = 'grade') AS grade
    FROM marts.benefit_evidence
    GROUP BY benefit_evidence.pupil_id, benefit_evidence.benefit, benefit_evidence.rule_standing
)

SELECT
    shown.pupil_id,
    shown.benefit,
    shown.rule_standing,
    shown.benefit_status,
    shown.valid_from,
    shown.valid_to,
    amount.percent AS amount_percent,
    shown.evidence_count,
    shown.saved_count,
    shown.needed_count,
    shown.is_expiring,
    shown.organisation_key,
    shown.grade,
    organisation.organisation_name,
    COALESCE(organisation.oktmo, pupil.oktmo) AS oktmo,
    municipality.name AS municipality
FROM shown
INNER JOIN marts.pupil ON pupil.pupil_id = shown.pupil_id
LEFT JOIN marts.organisation ON organisation.organisation_key = shown.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = COALESCE(organisation.oktmo, pupil.oktmo)
LEFT JOIN codes.code
    ON code.code_list = 'benefits' AND code.code = shown.benefit AND code.attributes ->> 'amount_evidence' = 'birth_order'
    AND daterange((code.attributes ->> 'valid_from')::date, (code.attributes ->> 'valid_to')::date) @> (SELECT core.report_date())
LEFT JOIN LATERAL jsonb_to_recordset(code.attributes -> 'amount_steps') AS amount (minimum integer, maximum integer, percent integer)
    ON shown.child_number >= amount.minimum AND (amount.maximum IS NULL OR shown.child_number <= amount.maximum)
