-- One row per sender that has been heard of and not on the last day its source was: when it last was.
SELECT
    sender.source,
    sender.sender,
    sender.last_day
FROM (
    SELECT
        delivered.source,
        left(delivered.origin, 13) AS sender,
        max(delivered.as_of) AS last_day,
        max(max(delivered.as_of)) OVER (PARTITION BY delivered.source) AS source_day
    FROM delivered
    GROUP BY delivered.source, left(delivered.origin, 13)
) AS sender
WHERE sender.last_day < sender.source_day
ORDER BY sender.source, sender.last_day, sender.sender
