-- One row per span of versions of a doubtful case of a pupil looked at, asked from its own record or from another's.
SELECT review.review_id, review.record_id, review.candidate_pupil_id, review.candidate_record_id, review.weight, review.reasons,
       review.version_from, review.version_to
FROM identity.review
WHERE review.candidate_pupil_id IN (SELECT pupil_id FROM identity.explained_look)
   OR review.record_id IN (SELECT record_id FROM identity.explained_link WHERE version_to = 9223372036854775807)
