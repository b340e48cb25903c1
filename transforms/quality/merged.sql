-- One row: pupils that hold several persons, persons spread over several pupils, pupils that hold two twins.
SELECT (SELECT count(DISTINCT pupil_id) FROM cell WHERE pupil_persons > 1) AS over_merged_pupils,
       (SELECT count(DISTINCT person_id) FROM cell WHERE person_pupils > 1) AS under_merged_persons,
       (SELECT count(*) FROM (SELECT pupil_id FROM cell WHERE is_twin GROUP BY pupil_id HAVING count(*) > 1)) AS twins_merged_pupils
