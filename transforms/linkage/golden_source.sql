-- One row per record that may speak for its pupil: not annulled, with the number only if it is valid and not denied.
SELECT link.pupil_id, record.* REPLACE (person.snils AS snils), person.family, person.given, person.patronymic AS patronymic_form
FROM link
JOIN record ON record.record_id = link.record_id
JOIN speaker AS person ON person.record_id = link.record_id
WHERE NOT coalesce(person.is_annulled, FALSE)
