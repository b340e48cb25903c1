-- One row per source record: what linking compares. `n` numbers records by (source, source_key), never by the order they came in.
WITH plain AS (
    SELECT record.*,
           CAST(row_number() OVER (ORDER BY source, source_key) - 1 AS INTEGER) AS n,
           coalesce(strftime(birth_date, '%Y%m%d'), replace(birth_date_partial, '-', '')) AS birth,
           coalesce(previous_family_name, previous_given_name, previous_patronymic) IS NOT NULL AS has_previous,
           CAST(substr(snils, 1, 9) AS BIGINT) AS snils_number,
           CAST(substr(snils, 10, 2) AS INTEGER) AS snils_control
    FROM (SELECT * REPLACE (CASE WHEN regexp_full_match(snils, '[0-9]{11}') THEN snils END AS snils) FROM record) AS record
), summed AS (
    SELECT plain.*,
           list_sum(list_transform(range(1, 10), lambda place: CAST(substr(snils, place, 1) AS INTEGER) * (10 - place))) AS snils_sum
    FROM plain
), checked AS (
    SELECT summed.* REPLACE (
        CASE WHEN replace(substr(snils, 1, 9), substr(snils, 1, 1), '') <> ''
              AND (snils_number <= 1001998
                   OR snils_control = CASE WHEN snils_sum < 100 THEN snils_sum WHEN snils_sum <= 101 THEN 0 ELSE snils_sum % 101 % 100 END)
             THEN snils END AS snils)
    FROM summed
), denied AS (
    SELECT record_id, snils FROM validation GROUP BY record_id, snils HAVING NOT bool_or(is_confirmed)
)
SELECT checked.n, checked.record_id, checked.source, checked.source_key, checked.record_status = 'annulled' AS is_annulled,
       family.family, family.plain AS family_plain, given.given, given.plain AS given_plain,
       patronymic.patronymic, patronymic.plain AS patronymic_plain, coalesce(given.is_established, FALSE) AS is_established,
       previous_family.family AS previous_family, previous_given.given AS previous_given, previous_patronymic.patronymic AS previous_patronymic,
       previous_family.plain AS previous_family_plain, previous_patronymic.plain AS previous_patronymic_plain,
       checked.has_previous,
       nullif(array_to_string(list_sort(list_filter([family.plain, given.plain, patronymic.plain], lambda word: word IS NOT NULL)), ' '), '') AS words,
       nullif(array_to_string(list_sort(list_filter([family.word, given.word, patronymic.word], lambda word: word IS NOT NULL)), ' '), '') AS word_set,
       checked.birth,
       coalesce(checked.sex, patronymic.patronymic_sex) AS sex,
       checked.patronymic AS patronymic_spelling,
       CASE WHEN denied.record_id IS NULL THEN checked.snils END AS snils,
       coalesce(checked.birth_act, CASE WHEN length(checked.birth_act_number) = 21 THEN checked.birth_act_number
           ELSE checked.birth_act_authority || '|' || checked.birth_act_number || '|' || strftime(checked.birth_act_date, '%Y%m%d') END) AS act,
       coalesce(checked.birth_certificate, CASE WHEN checked.document_kind = '03' THEN checked.document END) AS certificate,
       CASE WHEN checked.document_kind IS NULL OR checked.document_kind <> '03' THEN checked.document END AS document,
       checked.asked_source, checked.asked_key,
       CASE WHEN birthplace_source.source IS NULL THEN left(checked.oktmo, 5) END AS place,
       mother_family.family || ' ' || mother_given.given AS mother,
       concat_ws('|', coalesce(family.family, '-'), coalesce(given.plain, '-'), coalesce(patronymic.patronymic, '-'),
                 coalesce(checked.previous_family_name, '-'), coalesce(checked.previous_given_name, '-'),
                 coalesce(checked.previous_patronymic, '-'), coalesce(checked.birth, '-'), coalesce(checked.sex, '-')) AS identity,
       CASE WHEN one_record_source.source IS NOT NULL THEN
           CASE WHEN checked.asked_key IS NOT NULL AND checked.snils IS NOT NULL THEN 's' || checked.snils ELSE 'n' || checked.n END
       END AS slot
FROM checked
LEFT JOIN name_form AS family ON family.spelling = checked.family_name
LEFT JOIN name_form AS given ON given.spelling = checked.given_name
LEFT JOIN name_form AS patronymic ON patronymic.spelling = checked.patronymic
LEFT JOIN name_form AS previous_family ON previous_family.spelling = checked.previous_family_name
LEFT JOIN name_form AS previous_given ON previous_given.spelling = checked.previous_given_name
LEFT JOIN name_form AS previous_patronymic ON previous_patronymic.spelling = checked.previous_patronymic
LEFT JOIN name_form AS mother_family ON mother_family.spelling = checked.mother_family_name
LEFT JOIN name_form AS mother_given ON mother_given.spelling = checked.mother_given_name
LEFT JOIN denied ON denied.record_id = checked.record_id AND denied.snils = checked.snils
LEFT JOIN one_record_source ON one_record_source.source = checked.source
LEFT JOIN birthplace_source ON birthplace_source.source = checked.source
