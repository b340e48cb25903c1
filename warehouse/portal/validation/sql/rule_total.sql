-- One row per rule ever asked: how often, when first and last, in which versions.
SELECT
    counted.rule,
    min(counted.title) AS title,
    max(counted.severity) AS severity,
    min(counted.as_of) AS first_day,
    max(counted.as_of) AS last_day,
    count(DISTINCT counted.as_of)::integer AS days,
    count(*)::bigint AS asked,
    count(*) FILTER (WHERE NOT counted.success)::bigint AS failed,
    sum(counted.evaluated)::bigint AS evaluated,
    sum(counted.unexpected)::bigint AS unexpected,
    string_agg(DISTINCT CAST(counted.rule_version AS text), ', ' ORDER BY CAST(counted.rule_version AS text)) AS versions
FROM counted
GROUP BY counted.rule
ORDER BY counted.rule
