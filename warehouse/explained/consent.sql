-- One row per consent about a pupil looked at, whatever id it was given under, and its withdrawal if there is one.
SELECT look.pupil_id, consent.consent_id, consent.representative, consent.consent_purpose, consent.consent_scope, consent.given_date, consent.valid_to,
       consent.consent_form, consent.document_reference, consent.recorded_at, withdrawal.withdrawn_date
FROM identity.explained_look AS look
JOIN core.consent ON consent.pupil_id = look.pupil_id OR consent.pupil_id IN (SELECT merged.pupil_id FROM identity.pupil AS merged WHERE merged.redirect_to = look.pupil_id)
LEFT JOIN core.consent_withdrawal AS withdrawal ON withdrawal.consent_id = consent.consent_id
