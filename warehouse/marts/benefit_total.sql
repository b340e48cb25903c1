-- One row per benefit, municipality, organisation, grade and amount: children asked about on the report date, how many rights are proved, and papers no longer asked.
-- built
SELECT
    benefit.benefit,
    benefit.rule_standing,
    benefit.oktmo,
    benefit.municipality,
    benefit.organisation_key,
    benefit.organisation_name,
    benefit.grade,
    benefit.amount_percent,
    count(*)::integer AS right_count,
    count(*) FILTER (WHERE benefit.benefit_status = 'proved')::integer AS proved_count,
    count(*) FILTER (WHERE benefit.benefit_status = 'document')::integer AS document_count,
    count(*) FILTER (WHERE benefit.benefit_status = 'expired')::integer AS expired_count,
    count(*) FILTER (WHERE benefit.benefit_status = 'contradictory')::integer AS contradictory_count,
    count(*) FILTER (WHERE benefit.is_expiring)::integer AS expiring_count,
    sum(benefit.saved_count)::integer AS saved_count,
    sum(benefit.needed_count)::integer AS needed_count
FROM marts.benefit
GROUP BY
    benefit.benefit, benefit.rule_standing, benefit.oktmo, benefit.municipality, benefit.organisation_key, benefit.organisation_name,
    benefit.grade, benefit.amount_percent
