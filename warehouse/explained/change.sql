-- One row per thing that happened to a pupil looked at or to a record of it: in which version, of which day, and when analysts first saw it.
SELECT change.change_id, change.version, version.as_of, version.created_at,
       (SELECT min(publication.published_at) FROM quality.publication WHERE publication.version >= change.version) AS published_at,
       change.kind, change.record_id, change.from_pupil_id, change.to_pupil_id
FROM identity.change
JOIN quality.version ON version.version = change.version
WHERE change.from_pupil_id IN (SELECT pupil_id FROM identity.explained_look) OR change.to_pupil_id IN (SELECT pupil_id FROM identity.explained_look)
