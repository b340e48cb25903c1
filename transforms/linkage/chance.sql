-- One row per part and commonness: the chance that two strangers bear the same such name, and that a person bears one.
SELECT part, commonness, sum(share * share) AS strangers, sum(share) AS bearers
FROM commonness
GROUP BY part, commonness
