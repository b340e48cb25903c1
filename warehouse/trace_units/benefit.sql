-- One row per child and benefit asked about: what the figures of rights are sums of.
SELECT
    benefit.pupil_id,
    benefit.benefit,
    benefit.rule_standing,
    benefit.benefit_status,
    benefit.valid_from,
    benefit.valid_to,
    benefit.amount_percent,
    benefit.saved_count,
    benefit.needed_count,
    benefit.is_expiring,
    benefit.grade,
    benefit.organisation_key,
    benefit.organisation_name,
    benefit.municipality
FROM marts.benefit
ORDER BY benefit.benefit, benefit.pupil_id
