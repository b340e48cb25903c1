-- One row per pupil and person who meet in a record, with the size of both and whether the person has most records of the pupil.
WITH met AS (
    SELECT pupil_id, person_id, count(*) AS shared, bool_or(is_twin) AS is_twin FROM member GROUP BY pupil_id, person_id
)
SELECT pupil_id, person_id, shared, is_twin,
       CAST(sum(shared) OVER pupil AS BIGINT) AS pupil_records, count(*) OVER pupil AS pupil_persons,
       CAST(sum(shared) OVER person AS BIGINT) AS person_records, count(*) OVER person AS person_pupils,
       row_number() OVER (PARTITION BY pupil_id ORDER BY shared DESC, person_id) = 1 AS is_owner
FROM met
WINDOW pupil AS (PARTITION BY pupil_id), person AS (PARTITION BY person_id)
