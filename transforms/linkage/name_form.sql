-- One row per distinct spelling of a name: its comparable forms, one ASCII letter for each Cyrillic one
-- (DuckDB measures edit distance in bytes, so two-byte letters would count twice), and how common each is (2 common, 1 known, 0 rare).
WITH spelled AS (
    SELECT DISTINCT spelling
    FROM (
        SELECT unnest([family_name, given_name, patronymic, previous_family_name, previous_given_name, previous_patronymic,
                       mother_family_name, mother_given_name]) AS spelling
        FROM record
        UNION ALL SELECT unnest(string_split(given_name, ' ')) FROM record WHERE contains(given_name, ' ')
        UNION ALL SELECT name FROM given_name
        UNION ALL SELECT canonical FROM given_name
    )
    WHERE spelling IS NOT NULL
), cyrillic AS (
    SELECT spelling, CASE
        WHEN regexp_matches(upper(spelling), '[А-ЯЁӨҮҺ]') THEN translate(upper(spelling), 'ABCEHKMOPTXYI', 'АВСЕНКМОРТХУИ')
        ELSE translate(
            replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
            replace(replace(replace(upper(spelling),
                'SHCH', 'Щ'), 'SCH', 'Щ'), 'ZH', 'Ж'), 'KH', 'Х'), 'TS', 'Ц'), 'CH', 'Ч'), 'SH', 'Ш'), 'YU', 'Ю'), 'IU', 'Ю'), 'JU', 'Ю'),
                'YA', 'Я'), 'IA', 'Я'), 'JA', 'Я'), 'YO', 'Е'), 'JO', 'Е'), 'YE', 'Е'), 'JE', 'Е'), 'X', 'КС'),
            'ABVGDEZIJKLMNOPRSTUFHCYWQ', 'АБВГДЕЗИИКЛМНОПРСТУФХЦИВК')
        END AS letters
    FROM spelled
), folded AS (
    SELECT spelling,
           string_split(replace(replace(regexp_replace(
               translate(letters, 'ЁЭЙЫҮӨҺ', 'ЕЕИИУОХ'), '[^А-ЩЮЯ]', '', 'g'), 'ИЯ', 'Я'), 'ИИ', 'И'), '') AS signs
    FROM cyrillic
), single AS (
    SELECT spelling, nullif(array_to_string(list_filter(signs, lambda sign, place: place = 1 OR sign <> signs[place - 1]), ''), '') AS plain
    FROM folded
), variant AS (
    SELECT name.plain AS plain, min(canonical.plain) AS canonical
    FROM given_name
    JOIN single AS name ON name.spelling = given_name.name
    JOIN single AS canonical ON canonical.spelling = given_name.canonical
    GROUP BY name.plain
), formed AS (
    SELECT single.spelling,
           translate(single.plain, 'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЮЯ', 'ABVGDEJZIKLMNOPRSTUFHCXWQY1') AS plain,
           translate(regexp_replace(regexp_replace(single.plain, '(ОВ|ЕВ|ИН)А$', '\1'), '(СК|ЦК)(АЯ|ОИ)$', '\1И'), 'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЮЯ', 'ABVGDEJZIKLMNOPRSTUFHCXWQY1') AS family,
           translate(coalesce(variant.canonical, single.plain), 'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЮЯ', 'ABVGDEJZIKLMNOPRSTUFHCXWQY1') AS given,
           translate(regexp_replace(coalesce(variant.canonical, single.plain), '(ОВ|ЕВ|ИН)А$', '\1'), 'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЮЯ', 'ABVGDEJZIKLMNOPRSTUFHCXWQY1') AS word,
           translate(regexp_replace(regexp_replace(single.plain, '(ОВ|ЕВ)(ИЧ|НА)$', '\1'), 'ИЧНА$', 'ИЧ'), 'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЮЯ', 'ABVGDEJZIKLMNOPRSTUFHCXWQY1') AS patronymic,
           variant.plain IS NOT NULL AS is_established,
           CASE WHEN single.plain LIKE '%ИЧ' THEN 'M' WHEN regexp_matches(single.plain, '(ОВ|ЕВ|ИЧ)НА$') THEN 'F' END AS patronymic_sex
    FROM single
    LEFT JOIN variant ON variant.plain = single.plain
)
SELECT formed.*, coalesce(f.commonness, 0) AS family_commonness, coalesce(g.commonness, 0) AS given_commonness, coalesce(p.commonness, 0) AS patronymic_commonness
FROM formed
LEFT JOIN name_commonness AS f ON f.part = 'family_name' AND f.form = formed.family
LEFT JOIN name_commonness AS g ON g.part = 'given_name' AND g.form = formed.given
LEFT JOIN name_commonness AS p ON p.part = 'patronymic' AND p.form = formed.patronymic
