-- One row per run, source (or the warehouse, or the forms) and gate: checks that held. A check is one rule on one kind of records; one that kept
-- records out did not hold, though what is left passes it.
SELECT
    asked.as_of,
    asked.source,
    asked.gate,
    count(*) FILTER (WHERE asked.success AND told.rule IS NULL)::integer AS passed
FROM (
    SELECT
        counted.as_of,
        counted.source,
        counted.gate,
        counted.rule,
        bool_and(counted.success) AS success
    FROM counted
    GROUP BY counted.as_of, counted.source, counted.gate, counted.entity, counted.rule
) AS asked
LEFT JOIN (
    SELECT DISTINCT
        refusal.as_of,
        refusal.source,
        refusal.rule
    FROM refusal
) AS told ON told.as_of = asked.as_of AND told.source = asked.source AND told.rule = asked.rule
GROUP BY asked.as_of, asked.source, asked.gate
ORDER BY asked.as_of, asked.source, asked.gate
