-- One row per record: the pupil it was given to and the person it is about; records of one side only are left out.
SELECT link.record_id, link.pupil_id, truth.person_id, coalesce(link.status = 'auto', FALSE) AS is_automatic,
       coalesce(link.status = 'review', FALSE) OR in_review.record_id IS NOT NULL AS is_in_review, truth.is_twin, truth.has_doubtful_number
FROM link
JOIN truth USING (record_id)
LEFT JOIN in_review USING (record_id)
