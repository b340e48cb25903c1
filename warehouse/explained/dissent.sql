-- One row per golden cell of a pupil looked at and record of the same pupil that says otherwise: keys only, so that who sees no values sees who disagrees.
WITH golden AS (
    SELECT pupil.pupil_id, said.field, said.value, pupil.version_from, pupil.version_to
    FROM identity.explained_pupil AS pupil
    CROSS JOIN LATERAL (VALUES ('family_name', family_name), ('given_name', given_name), ('patronymic', patronymic), ('birth_date', CAST(birth_date AS text)),
        ('sex', sex), ('snils', snils), ('citizenship', citizenship), ('death_date', CAST(death_date AS text)), ('oktmo', oktmo), ('is_rural', CAST(is_rural AS text)),
        ('is_resident', CAST(is_resident AS text))) AS said (field, value)
), stated AS (
    SELECT person.record_id, person.source, said.field, said.value, person.version_from, person.version_to
    FROM (SELECT DISTINCT record_id FROM identity.explained_link) AS mine
    JOIN identity.person_record AS person ON person.record_id = mine.record_id AND person.record_status <> 'annulled'
    CROSS JOIN LATERAL (VALUES ('family_name', family_name), ('given_name', given_name), ('patronymic', patronymic), ('birth_date', CAST(birth_date AS text)),
        ('sex', sex), ('snils', snils), ('citizenship', citizenship), ('death_date', CAST(death_date AS text)), ('oktmo', oktmo)) AS said (field, value)
    UNION ALL
    SELECT fact.record_id, fact.source, 'citizenship', fact.citizenship, fact.version_from, fact.version_to
    FROM core.citizenship AS fact
    WHERE fact.record_id IN (SELECT record_id FROM identity.explained_link)
    UNION ALL
    SELECT fact.record_id, fact.source, said.field, said.value, fact.version_from, fact.version_to
    FROM core.residence AS fact
    CROSS JOIN LATERAL (VALUES ('oktmo', oktmo), ('is_rural', CAST(is_rural AS text)), ('is_resident', CAST(NOT is_outside_region AS text))) AS said (field, value)
    WHERE fact.record_id IN (SELECT record_id FROM identity.explained_link)
)
SELECT DISTINCT golden.pupil_id, golden.field, stated.record_id, stated.source, greatest(golden.version_from, stated.version_from, link.version_from) AS version_from,
       least(golden.version_to, stated.version_to, link.version_to) AS version_to
FROM golden
JOIN stated ON stated.field = golden.field AND translate(upper(stated.value), 'Ё- ', 'Е') <> translate(upper(golden.value), 'Ё- ', 'Е')
JOIN identity.explained_link AS link ON link.record_id = stated.record_id AND link.pupil_id = golden.pupil_id
WHERE greatest(golden.version_from, stated.version_from, link.version_from) < least(golden.version_to, stated.version_to, link.version_to)
