-- One row per span of versions of the golden record of a pupil looked at.
SELECT pupil.pupil_id, pupil.family_name, pupil.given_name, pupil.patronymic, pupil.birth_date, pupil.sex, pupil.snils, pupil.citizenship,
       pupil.death_date, pupil.oktmo, pupil.is_rural, pupil.is_resident, pupil.version_from, pupil.version_to
FROM identity.explained_look AS look
JOIN core.pupil ON pupil.pupil_id = look.pupil_id
