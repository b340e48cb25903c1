-- One row per source record: what linking compares. `n` numbers records by source and key (`inputs.number`), never by the order they came in.
-- A patronymic typed into the box of the given name (or behind it) is read as meant. `identity` is one number for all that a record says of name, birth date and sex; `snils_typed` keeps a number whose control does not hold.
-- Dates that systems put where they know none are no birth dates.
WITH dated AS (
    SELECT DISTINCT birth_date, strftime(birth_date, '%Y%m%d') AS birth
    FROM record
    WHERE birth_date NOT IN (DATE '0001-01-01', DATE '1900-01-01', DATE '1970-01-01') AND birth_date < DATE '2100-01-01'
), numbered AS (
    SELECT DISTINCT snils, CAST(substr(snils, 1, 9) AS BIGINT) AS number, CAST(substr(snils, 10, 2) AS INTEGER) AS control
    FROM record
    WHERE regexp_full_match(snils, '[0-9]{11}')
), summed AS (
    SELECT snils, number, control,
           number // 100000000 * 9 + number // 10000000 % 10 * 8 + number // 1000000 % 10 * 7 + number // 100000 % 10 * 6 + number // 10000 % 10 * 5
           + number // 1000 % 10 * 4 + number // 100 % 10 * 3 + number // 10 % 10 * 2 + number % 10 AS total
    FROM numbered
), checked AS (
    SELECT snils, number % 111111111 <> 0
        AND (number <= 1001998 OR control = CASE WHEN total < 100 THEN total WHEN total <= 101 THEN 0 ELSE total % 101 % 100 END) AS is_valid
    FROM summed
), denied AS (
    SELECT record_id, snils FROM validation GROUP BY record_id, snils HAVING NOT bool_or(is_confirmed)
), worded AS (
    SELECT DISTINCT given_name AS given_as_typed, patronymic AS patronymic_as_typed,
           CASE WHEN patronymic IS NULL AND contains(given_name, ' ') THEN split_part(given_name, ' ', 1) ELSE patronymic END AS given_meant,
           CASE WHEN patronymic IS NULL AND contains(given_name, ' ') THEN split_part(given_name, ' ', 2) ELSE given_name END AS patronymic_meant
    FROM record
    WHERE right(upper(given_name), 3) IN ('ВИЧ', 'ВНА', 'ЧНА') AND right(upper(coalesce(patronymic, '')), 3) NOT IN ('ВИЧ', 'ВНА', 'ЧНА')
      AND (patronymic IS NOT NULL OR contains(given_name, ' '))
), plain AS (
    SELECT record.* REPLACE (coalesce(worded.given_meant, given_name) AS given_name, coalesce(worded.patronymic_meant, patronymic) AS patronymic),
           number.n,
           coalesce(previous_family_name, previous_given_name, previous_patronymic) IS NOT NULL AS has_previous
    FROM record
    JOIN number ON number.record_id = record.record_id
    LEFT JOIN worded ON worded.given_as_typed = record.given_name AND worded.patronymic_as_typed IS NOT DISTINCT FROM record.patronymic
)
SELECT plain.n, plain.record_id, plain.source, plain.source_key, coalesce(plain.record_status = 'annulled', FALSE) AS is_annulled,
       family.id AS family_id, given.id AS given_id, patronymic.id AS patronymic_id,
       previous_family.id AS previous_family_id, previous_given.id AS previous_given_id, previous_patronymic.id AS previous_patronymic_id,
       CASE WHEN family.family IS NOT NULL THEN family.family_key END AS family_key, CASE WHEN given.given IS NOT NULL THEN given.given_key END AS given_key,
       CASE WHEN given.plain IS NOT NULL THEN given.plain_key END AS given_plain_key,
       CASE WHEN patronymic.patronymic IS NOT NULL THEN patronymic.patronymic_key END AS patronymic_key,
       plain.has_previous,
       coalesce(dated.birth, replace(plain.birth_date_partial, '-', '')) AS birth,
       coalesce(plain.sex, patronymic.patronymic_sex) AS sex,
       CASE WHEN checked.is_valid AND denied.record_id IS NULL THEN plain.snils END AS snils,
       CASE WHEN NOT checked.is_valid AND trim(plain.snils, '0') <> '' THEN plain.snils END AS snils_typed,
       coalesce(plain.birth_act, CASE WHEN length(plain.birth_act_number) = 21 THEN plain.birth_act_number
           ELSE plain.birth_act_authority || '|' || plain.birth_act_number || '|' || strftime(plain.birth_act_date, '%Y%m%d') END) AS act,
       coalesce(plain.birth_certificate, CASE WHEN plain.document_kind = '03' THEN plain.document END) AS certificate,
       CASE WHEN plain.document_kind IS NULL OR plain.document_kind <> '03'
           THEN nullif(regexp_replace(upper(plain.document), '[^0-9A-ZА-ЯЁ]', '', 'g'), '') END AS document,
       plain.asked_source, plain.asked_key,
       CASE WHEN birthplace_source.source IS NULL THEN left(plain.oktmo, 5) END AS place,
       CASE WHEN mother_family.family IS NOT NULL AND mother_given.given IS NOT NULL THEN hash(mother_family.family_key, mother_given.given_key) END AS mother,
       hash(family.family_key, given.plain_key, patronymic.patronymic_key, previous_family.id, previous_given.id, previous_patronymic.id,
            coalesce(dated.birth, plain.birth_date_partial), plain.sex) AS identity,
       CAST(dated.birth IS NOT NULL AS INTEGER) + CAST(family.family IS NOT NULL AS INTEGER) + CAST(given.given IS NOT NULL AS INTEGER)
           + CAST(patronymic.patronymic IS NOT NULL AS INTEGER) AS fullness,
       dated.birth IS NOT NULL AND given.given IS NOT NULL AS is_spoken,
       CASE WHEN one_record_source.source IS NOT NULL AND plain.record_status IS DISTINCT FROM 'annulled' THEN
           CASE WHEN plain.asked_key IS NOT NULL AND checked.is_valid AND denied.record_id IS NULL THEN 's' || plain.snils ELSE 'n' || plain.n END
       END AS slot
FROM plain
LEFT JOIN dated ON dated.birth_date = plain.birth_date
LEFT JOIN name_form AS family ON family.spelling = plain.family_name
LEFT JOIN name_form AS given ON given.spelling = plain.given_name
LEFT JOIN name_form AS patronymic ON patronymic.spelling = plain.patronymic
LEFT JOIN name_form AS previous_family ON previous_family.spelling = plain.previous_family_name
LEFT JOIN name_form AS previous_given ON previous_given.spelling = plain.previous_given_name
LEFT JOIN name_form AS previous_patronymic ON previous_patronymic.spelling = plain.previous_patronymic
LEFT JOIN name_form AS mother_family ON mother_family.spelling = plain.mother_family_name
LEFT JOIN name_form AS mother_given ON mother_given.spelling = plain.mother_given_name
LEFT JOIN checked ON checked.snils = plain.snils
LEFT JOIN denied ON denied.record_id = plain.record_id AND denied.snils = plain.snils
LEFT JOIN one_record_source ON one_record_source.source = plain.source
LEFT JOIN birthplace_source ON birthplace_source.source = plain.source
