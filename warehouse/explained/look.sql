-- One row per pupil this role has said it looks at, in the last ten minutes and committed: a look that is rolled back opens nothing.
SELECT DISTINCT pupil_id
FROM (SELECT pupil_id, role, at FROM audit.access ORDER BY access_id DESC LIMIT 1000) AS recent
WHERE role = session_user AND at < now() AND at > now() - INTERVAL '10 minutes' AND pupil_id IS NOT NULL
