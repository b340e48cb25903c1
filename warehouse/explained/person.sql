-- One row per record that belongs now to a pupil looked at, with all it says: what a person compares in review.
SELECT person.record_id, person.source, person.source_key, {content}
FROM identity.explained_link AS link
JOIN identity.person_record AS person ON person.record_id = link.record_id AND person.version_to = link.version_to
WHERE link.version_to = 9223372036854775807
