-- One row per child and purpose a consent is in force for on the report date: given, not ended, not withdrawn. A merged id counts for the child that lives.
-- A withdrawal closes at once and for every date, and what has ended does not open again for a session that looks at an earlier day.
WITH moment AS (
    SELECT max(version.as_of) AS today FROM quality.version WHERE version.version <= (SELECT core.visible_version())
)

SELECT
    COALESCE(pupil.redirect_to, pupil.pupil_id) AS pupil_id,
    consent.consent_purpose,
    max(consent.given_date) AS given_date,
    CASE WHEN bool_and(consent.valid_to IS NOT NULL) THEN max(consent.valid_to) END AS valid_to
FROM core.consent
INNER JOIN identity.pupil ON pupil.pupil_id = consent.pupil_id
LEFT JOIN core.consent_withdrawal ON consent_withdrawal.consent_id = consent.consent_id
WHERE
    consent_withdrawal.consent_id IS NULL AND consent.given_date <= (SELECT core.report_date())
    AND (consent.valid_to IS NULL OR consent.valid_to > (SELECT core.report_date()) AND consent.valid_to > (SELECT moment.today FROM moment))
    AND NOT EXISTS (SELECT 1 FROM identity.hidden_pupil WHERE hidden_pupil.pupil_id IN (pupil.pupil_id, pupil.redirect_to))
GROUP BY COALESCE(pupil.redirect_to, pupil.pupil_id), consent.consent_purpose
