-- One row per span of versions of the golden record of a pupil looked at; a span with a value from a sealed record is for the officer alone.
SELECT pupil.pupil_id, pupil.family_name, pupil.given_name, pupil.patronymic, pupil.birth_date, pupil.sex, pupil.snils, pupil.citizenship,
       pupil.death_date, pupil.oktmo, pupil.is_rural, pupil.is_resident, pupil.version_from, pupil.version_to
FROM identity.explained_look AS look
JOIN core.pupil ON pupil.pupil_id = look.pupil_id
WHERE session_user = 'officer' OR NOT EXISTS (
    SELECT FROM core.pupil_cell AS cell JOIN identity.hidden_record AS hidden ON hidden.record_id = cell.record_id
    WHERE cell.pupil_id = pupil.pupil_id AND cell.version_from < pupil.version_to AND cell.version_to > pupil.version_from)
