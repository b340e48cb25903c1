-- One row per span of versions of a record that belongs or belonged to a pupil looked at, with its delivery.
SELECT person.record_id, person.source, person.source_key, person.sequence, person.position, person.delivery_id, delivery.origin, delivery.sha256,
       delivery.received_at, person.family_name, person.given_name, person.patronymic, person.previous_family_name, person.birth_date,
       person.birth_date_partial, person.sex, person.snils, person.birth_act_number, person.birth_certificate, person.document, person.citizenship,
       person.oktmo, person.organisation_key, person.death_date, person.record_status,
       EXISTS (SELECT FROM identity.hidden_record AS hidden WHERE hidden.record_id = person.record_id) AS is_sealed,
       person.version_from, person.version_to
FROM (SELECT DISTINCT record_id FROM identity.explained_link) AS mine
JOIN identity.person_record AS person ON person.record_id = mine.record_id
LEFT JOIN quality.delivery AS delivery ON delivery.delivery_id = person.delivery_id
