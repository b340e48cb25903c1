-- One row per pupil id that was merged away: where it leads now.
SELECT owner.pupil_id, assignment.pupil_id AS redirect_to
FROM owner
JOIN assignment ON assignment.root = owner.root
WHERE owner.pupil_id <> assignment.pupil_id
ORDER BY owner.pupil_id
