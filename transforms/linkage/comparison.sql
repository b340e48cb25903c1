-- One row per row of `pair`: how far birth date, sex and names agree, and the level of contradiction
-- (0 none; 1 doubtful: does not join, may stand together through others; 2 cannot be one person).
-- Given names one slip apart differ where other records of that family name and birth date show that both are borne: twins, not a slip.
WITH member AS (
    SELECT a AS n FROM pair UNION SELECT b FROM pair
), speaker AS (
    SELECT person.* FROM member JOIN person ON person.n = member.n
), alias AS (
    SELECT n, family, family_plain, given, given_plain, is_established, patronymic, patronymic_plain, words FROM speaker
    UNION ALL
    SELECT n, coalesce(previous_family, family), coalesce(previous_family_plain, family_plain),
           coalesce(previous_given, given), coalesce(previous_given, given_plain), FALSE,
           coalesce(previous_patronymic, patronymic), coalesce(previous_patronymic_plain, patronymic_plain), NULL
    FROM speaker
    WHERE has_previous
), relation AS (
    SELECT pair.a, pair.b, p.birth AS birth_a, q.birth AS birth_b, p.sex <> q.sex AND p.sex IS NOT NULL AND q.sex IS NOT NULL AS sex_differs,
           p.patronymic_spelling = q.patronymic_spelling AS patronymic_spelled_equal,
           coalesce(p.mother = q.mother, FALSE) AS mother_equal,
           CASE
               WHEN p.birth IS NULL OR q.birth IS NULL THEN 'missing'
               WHEN p.birth = q.birth AND length(p.birth) = 8 THEN 'equal'
               WHEN starts_with(p.birth, q.birth) OR starts_with(q.birth, p.birth) THEN 'partial'
               WHEN length(p.birth) < 8 OR length(q.birth) < 8 THEN 'differs'
               WHEN left(p.birth, 4) || substr(p.birth, 7, 2) || substr(p.birth, 5, 2) = q.birth THEN 'near'
               WHEN damerau_levenshtein(p.birth, q.birth) = 1 THEN 'near'
               WHEN left(p.birth, 4) = left(q.birth, 4) AND '0101' IN (substr(p.birth, 5), substr(q.birth, 5)) THEN 'near'
               WHEN left(p.birth, 4) = left(q.birth, 4) AND right(p.birth, 2) = right(q.birth, 2)
                AND abs(CAST(substr(p.birth, 5, 2) AS INTEGER) - CAST(substr(q.birth, 5, 2) AS INTEGER)) = 1 THEN 'near'
               ELSE 'differs'
           END AS birth
    FROM pair
    JOIN speaker AS p ON p.n = pair.a
    JOIN speaker AS q ON q.n = pair.b
), named AS (
    SELECT pair.a, pair.b, x.words = y.words AND contains(x.words, ' ') AND (x.given <> y.given OR x.family <> y.family) AS is_permuted,
           CASE
               WHEN x.family IS NULL OR y.family IS NULL THEN 'missing'
               WHEN x.family = y.family THEN 'equal'
               WHEN least(length(x.family), length(y.family)) = 1 AND left(x.family, 1) = left(y.family, 1) THEN 'initial'
               WHEN least(length(x.family), length(y.family)) >= 4 AND damerau_levenshtein(x.family, y.family) = 1 THEN 'near'
               WHEN least(length(x.family), length(y.family)) >= 4 AND damerau_levenshtein(x.family_plain, y.family_plain) = 1 THEN 'near'
               WHEN least(length(x.family), length(y.family)) >= 6 AND jaro_winkler_similarity(x.family, y.family) >= 0.92
                AND damerau_levenshtein(x.family, y.family) = 2 THEN 'near'
               WHEN least(length(x.family), length(y.family)) >= 4 AND (starts_with(x.family, y.family) OR starts_with(y.family, x.family)
                OR ends_with(x.family, y.family) OR ends_with(y.family, x.family)) THEN 'near'
               ELSE 'differs'
           END AS family,
           CASE
               WHEN x.given IS NULL OR y.given IS NULL THEN 'missing'
               WHEN x.given = y.given THEN 'equal'
               WHEN least(length(x.given_plain), length(y.given_plain)) = 1 AND left(x.given_plain, 1) = left(y.given_plain, 1) THEN 'initial'
               WHEN x.is_established AND y.is_established THEN 'differs'
               WHEN least(length(x.given_plain), length(y.given_plain)) >= 4 AND damerau_levenshtein(x.given_plain, y.given_plain) = 1 THEN 'near'
               WHEN least(length(x.given_plain), length(y.given_plain)) >= 6 AND jaro_winkler_similarity(x.given_plain, y.given_plain) >= 0.92
                AND damerau_levenshtein(x.given_plain, y.given_plain) = 2 THEN 'near'
               ELSE 'differs'
           END AS given,
           CASE
               WHEN x.patronymic IS NULL OR y.patronymic IS NULL THEN 'missing'
               WHEN x.patronymic = y.patronymic THEN 'equal'
               WHEN least(length(x.patronymic), length(y.patronymic)) = 1 AND left(x.patronymic, 1) = left(y.patronymic, 1) THEN 'initial'
               WHEN least(length(x.patronymic), length(y.patronymic)) >= 5 AND damerau_levenshtein(x.patronymic, y.patronymic) = 1 THEN 'near'
               WHEN least(length(x.patronymic), length(y.patronymic)) >= 5 AND damerau_levenshtein(x.patronymic_plain, y.patronymic_plain) <= 1 THEN 'near'
               WHEN least(length(x.patronymic), length(y.patronymic)) >= 7 AND jaro_winkler_similarity(x.patronymic, y.patronymic) >= 0.92
                AND damerau_levenshtein(x.patronymic, y.patronymic) = 2 THEN 'near'
               ELSE 'differs'
           END AS patronymic
    FROM pair
    JOIN alias AS x ON x.n = pair.a
    JOIN alias AS y ON y.n = pair.b
), weighed AS (
    SELECT a, b,
           CASE WHEN is_permuted THEN {'family': 'equal', 'given': 'equal', 'patronymic': 'near'}
                ELSE {'family': family, 'given': given, 'patronymic': patronymic} END AS names,
           CASE WHEN is_permuted THEN 1
                ELSE 100 * CAST(given = 'differs' AS INTEGER) + 30 * CAST(family = 'differs' AS INTEGER) + 20 * CAST(patronymic = 'differs' AS INTEGER)
                   + 3 * CAST(given = 'near' AS INTEGER) + 2 * CAST(family = 'near' AS INTEGER) + CAST(patronymic = 'near' AS INTEGER) END AS penalty,
           CAST(family = 'equal' AS INTEGER) + CAST(given = 'equal' AS INTEGER) + CAST(patronymic = 'equal' AS INTEGER) AS equal_parts
    FROM named
), closest AS (
    SELECT a, b, arg_min(names, (penalty, -equal_parts, names)) AS names FROM weighed GROUP BY a, b
), suspect AS (
    SELECT closest.a, closest.b, names['given'] = 'near' AS is_near, coalesce(greatest(p.birth, q.birth), p.birth, q.birth) AS birth,
           p.birth AS birth_a, p.family AS family_a, p.given AS given_a, p.given_plain AS plain_a, coalesce(p.patronymic, '') AS patronymic_a,
           p.is_established AS is_established_a,
           q.birth AS birth_b, q.family AS family_b, q.given AS given_b, q.given_plain AS plain_b, coalesce(q.patronymic, '') AS patronymic_b,
           q.is_established AS is_established_b
    FROM closest
    JOIN speaker AS p ON p.n = closest.a
    JOIN speaker AS q ON q.n = closest.b
    WHERE names['given'] = 'near' OR (p.given = q.given AND p.given_plain <> q.given_plain)
), witnessed AS (
    SELECT suspect.a, suspect.b,
           coalesce(bool_or(witness.given = given_a AND (
               (witness.family = family_a AND starts_with(witness.birth, birth_a) AND coalesce(witness.patronymic, '') = patronymic_a)
               OR (witness.family = family_a AND witness.birth = birth_a AND (witness.patronymic IS NULL OR patronymic_a = ''))
               OR (witness.family = family_b AND witness.birth = birth_b AND coalesce(witness.patronymic, '') = patronymic_b))), FALSE) AS a_is_borne,
           coalesce(bool_or(witness.given = given_b AND (
               (witness.family = family_b AND starts_with(witness.birth, birth_b) AND coalesce(witness.patronymic, '') = patronymic_b)
               OR (witness.family = family_b AND witness.birth = birth_b AND (witness.patronymic IS NULL OR patronymic_b = ''))
               OR (witness.family = family_a AND witness.birth = birth_a AND coalesce(witness.patronymic, '') = patronymic_a))), FALSE) AS b_is_borne
    FROM suspect
    JOIN person AS witness ON witness.birth = suspect.birth AND witness.n <> suspect.a AND witness.n <> suspect.b
    WHERE suspect.is_near
    GROUP BY suspect.a, suspect.b
), twin AS (
    SELECT suspect.a, suspect.b
    FROM suspect
    JOIN witnessed ON witnessed.a = suspect.a AND witnessed.b = suspect.b
    WHERE (a_is_borne OR is_established_a) AND (b_is_borne OR is_established_b) AND (a_is_borne OR b_is_borne)
    UNION
    SELECT suspect.a, suspect.b
    FROM suspect
    JOIN twin_spelling AS spelling ON spelling.birth = suspect.birth AND spelling.plain_a = suspect.plain_a AND spelling.plain_b = suspect.plain_b
    WHERE spelling.given = given_a
      AND ((spelling.family = family_a AND starts_with(spelling.birth, birth_a) AND spelling.patronymic = patronymic_a)
        OR (spelling.birth = birth_a AND spelling.patronymic = patronymic_a)
        OR (spelling.birth = birth_b AND spelling.patronymic = patronymic_b)
        OR (spelling.family = family_b AND starts_with(spelling.birth, birth_b) AND spelling.patronymic = patronymic_b))
), measured AS (
    SELECT relation.a, relation.b, relation.birth_a, relation.birth_b, relation.birth, relation.mother_equal,
           names['family'] AS family, CASE WHEN twin.a IS NULL THEN names['given'] ELSE 'differs' END AS given, twin.a IS NOT NULL AS is_near_twin, names['patronymic'] AS patronymic,
           sex_differs AND NOT coalesce(birth = 'equal' AND names['given'] = 'equal' AND patronymic_spelled_equal, FALSE) AS sex_contradicts,
           CAST(birth = 'near' AS INTEGER) + CAST(names['family'] IN ('near', 'differs') AS INTEGER) + CAST(names['given'] = 'near' AS INTEGER)
               + CAST(names['patronymic'] = 'near' AS INTEGER) + CAST(sex_differs AS INTEGER) AS deviations,
           CAST(birth = 'equal' AS INTEGER) + CAST(names['family'] = 'equal' AS INTEGER) + CAST(names['given'] = 'equal' AS INTEGER)
               + CAST(names['patronymic'] = 'equal' AS INTEGER) AS agreement
    FROM relation
    JOIN closest ON closest.a = relation.a AND closest.b = relation.b
    LEFT JOIN twin ON twin.a = relation.a AND twin.b = relation.b
)
SELECT measured.*,
       CASE
           WHEN birth = 'differs' OR given = 'differs' OR sex_contradicts THEN 2
           WHEN family = 'differs' AND patronymic = 'differs' AND NOT (birth = 'equal' AND given = 'equal') THEN 2
           WHEN patronymic = 'differs' OR deviations >= 3 OR (birth = 'near' AND given IN ('near', 'initial', 'missing')) THEN 1
           WHEN family = 'differs' AND NOT (birth = 'equal' AND given = 'equal') THEN 1
           ELSE 0
       END AS level,
       list_filter([
           CASE WHEN birth = 'differs' THEN 'birth_date_differs' END,
           CASE WHEN birth = 'differs' AND abs(CAST(left(birth_a, 4) AS INTEGER) - CAST(left(birth_b, 4) AS INTEGER)) >= 14 THEN 'parent' END,
           CASE WHEN given = 'differs' AND family <> 'differs' AND (patronymic = 'equal' OR mother_equal OR (birth = 'equal' AND patronymic <> 'differs'))
                 AND (birth <> 'differs' OR abs(CAST(left(birth_a, 4) AS INTEGER) - CAST(left(birth_b, 4) AS INTEGER)) < 14) THEN 'siblings' END,
           CASE WHEN given = 'differs' AND family = 'differs' AND birth NOT IN ('equal', 'partial') THEN 'stranger' END,
           CASE WHEN is_near_twin THEN 'near_twin' END,
           CASE WHEN family = 'differs' THEN 'family_name_differs' END,
           CASE WHEN given = 'differs' THEN 'given_name_differs' END,
           CASE WHEN patronymic = 'differs' THEN 'patronymic_differs' END,
           CASE WHEN sex_contradicts THEN 'sex_differs' END,
           CASE WHEN deviations >= 3 OR (birth = 'near' AND given IN ('near', 'initial', 'missing')) THEN 'several_slips' END
       ], lambda reason: reason IS NOT NULL) AS contradictions
FROM measured
