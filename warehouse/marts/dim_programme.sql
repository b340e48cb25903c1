-- One row per level of education: its code of УФТТ where known, and the grades it spans.
SELECT
    programme.code AS programme,
    programme.name,
    nullif(programme.attributes ->> 'uftt_code', '') AS uftt_code,
    nullif(programme.attributes ->> 'grade_from', '')::integer AS grade_from,
    nullif(programme.attributes ->> 'grade_to', '')::integer AS grade_to
FROM core.programme
