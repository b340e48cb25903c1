-- One row per spoken row and hash of what it may share with another record of the same child.
WITH hashed AS (
    SELECT id, root, unnest(CASE WHEN length(birth) = 8 THEN [
        hash('name', family, given, birth),
        hash('given', family, birth, left(given, 1)),
        hash('family', given, birth, left(family, 1)),
        CASE WHEN patronymic IS NOT NULL THEN hash('own', given, patronymic, birth) END,
        CASE WHEN patronymic IS NOT NULL THEN hash('kin', family, patronymic, birth) END,
        CASE WHEN patronymic IS NOT NULL THEN hash('year', family, given, patronymic, substr(birth, 5, 4)) END,
        CASE WHEN contains(word_set, ' ') THEN hash('words', word_set, birth) END,
        hash('within', family, given, left(birth, 4))
    ] ELSE [hash('within', family, given, left(birth, 4))] END) AS key
    FROM spoken
)
SELECT id, root, key FROM hashed WHERE key IS NOT NULL
