-- The pairs of records to be compared: the loudest of each two clusters.
SELECT DISTINCT a, b FROM scored_pair
