-- One row per living-born child whose birth act in force names the mother: which child of hers it is. Closed to people: family_id leads to brothers and sisters.
-- A mother is known by the acts: by her number with given name and birth date, else by full name and birth date; a like woman elsewhere makes it doubtful.
-- Windows and no joins of the acts with themselves: the planner takes them for a few rows and would compare each with each.
WITH act AS (
    SELECT
        link.pupil_id,
        person_record.source = 'zags_births' AS is_birth,
        delivery.as_of AS received_date,
        replace(upper(person_record.mother_family_name), 'Ё', 'Е') AS family_name,
        replace(upper(person_record.mother_given_name), 'Ё', 'Е') AS given_name,
        replace(upper(person_record.mother_patronymic), 'Ё', 'Е') AS patronymic,
        person_record.mother_birth_date AS born,
        person_record.mother_snils AS number,
        person_record.birth_order
    FROM identity.person_record
    INNER JOIN identity.link
        ON link.record_id = person_record.record_id
        AND link.version_from <= (SELECT core.visible_version()) AND link.version_to > (SELECT core.visible_version())
    LEFT JOIN quality.delivery ON delivery.delivery_id = person_record.delivery_id
    WHERE
        person_record.source IN ('zags_births', 'zags_paternity')
        AND person_record.record_status = 'active' AND person_record.death_date IS NULL
        AND person_record.version_from <= (SELECT core.visible_version()) AND person_record.version_to > (SELECT core.visible_version())
        AND person_record.mother_given_name IS NOT NULL AND person_record.mother_birth_date IS NOT NULL
        AND (person_record.mother_family_name IS NOT NULL OR person_record.mother_snils IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM identity.hidden_record WHERE hidden_record.record_id = person_record.record_id)
),

-- Acts of one full name and birth date that bear one number between them: the number is hers in all of them.
numbered AS (
    SELECT
        act.*,
        COALESCE(act.number, CASE WHEN min(act.number) OVER same_name = max(act.number) OVER same_name THEN min(act.number) OVER same_name END) AS known_number,
        act.number IS NULL AND min(act.number) OVER same_name <> max(act.number) OVER same_name AS is_ambiguous
    FROM act
    WINDOW same_name AS (PARTITION BY act.is_birth, act.family_name, act.given_name, act.patronymic, act.born)
),

mother AS (
    SELECT
        numbered.*,
        numbered.known_number IS NULL AS is_by_name,
        CASE
            WHEN numbered.known_number IS NOT NULL THEN concat_ws('|', 'n', numbered.known_number, numbered.given_name, numbered.born)
            ELSE concat_ws('|', 'f', numbered.family_name, numbered.given_name, COALESCE(numbered.patronymic, ''), numbered.born)
        END AS mother_key
    FROM numbered
),

compared AS (
    SELECT
        mother.*,
        COALESCE(mother.is_ambiguous, FALSE)
        OR (min(mother.mother_key) OVER alike <> max(mother.mother_key) OVER alike AND bool_or(mother.is_by_name) OVER alike)
        OR (
            min(mother.mother_key) OVER short <> max(mother.mother_key) OVER short AND bool_or(mother.is_by_name) OVER short
            AND bool_or(mother.patronymic IS NULL) OVER short
        )
        OR (mother.known_number IS NOT NULL AND min(mother.mother_key) OVER one_number <> max(mother.mother_key) OVER one_number) AS is_doubtful
    FROM mother
    WHERE mother.is_birth
    WINDOW
        alike AS (PARTITION BY mother.given_name, mother.patronymic, mother.born),
        short AS (PARTITION BY mother.family_name, mother.given_name, mother.born),
        one_number AS (PARTITION BY mother.known_number)
),

child AS (
    SELECT
        told.pupil_id,
        min(told.mother_key) AS mother_key,
        min(told.birth_order) AS birth_order,
        max(told.received_date) AS received_date,
        bool_or(told.is_doubtful) AS is_doubtful,
        count(DISTINCT told.mother_key) > 1 OR count(DISTINCT concat_ws('|', told.given_name, told.born)) > 1 AS has_two_mothers
    FROM (
        SELECT
            compared.pupil_id,
            compared.mother_key,
            compared.birth_order,
            compared.received_date,
            compared.is_doubtful,
            compared.given_name,
            compared.born
        FROM compared
        UNION ALL
        SELECT
            act.pupil_id,
            NULL AS mother_key,
            NULL AS birth_order,
            NULL AS received_date,
            NULL AS is_doubtful,
            act.given_name,
            act.born
        FROM act
        WHERE NOT act.is_birth
    ) AS told
    GROUP BY told.pupil_id
    HAVING min(told.mother_key) IS NOT NULL
)

SELECT
    child.pupil_id,
    min(child.pupil_id) OVER family AS family_id,
    (row_number() OVER (PARTITION BY child.mother_key ORDER BY pupil.birth_date, child.birth_order, child.pupil_id))::integer AS child_number,
    pupil.birth_date,
    pupil.death_date,
    child.received_date,
    bool_or(child.is_doubtful OR child.has_two_mothers OR pupil.birth_date IS NULL) OVER family AS is_doubtful,
    child.has_two_mothers
FROM child
INNER JOIN marts.pupil ON pupil.pupil_id = child.pupil_id
WINDOW family AS (PARTITION BY child.mother_key)
