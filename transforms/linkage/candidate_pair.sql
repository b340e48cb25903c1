-- One row per two records some strong rule speaks for.
SELECT DISTINCT a, b FROM candidate
