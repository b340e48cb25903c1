-- One row per cluster and way its records tell who the child is: names (also those before a change), birth date, sex; `id` numbers them.
-- A full name and birth date on more clusters than the bound names nobody, nor does the training pupil of a journal's vendor.
WITH told AS (
    SELECT told_by.root, speaker.n, family, family_plain, family_commonness, given, given_plain, given_commonness,
           is_established, patronymic, patronymic_plain, patronymic_commonness, words, word_set, birth, sex
    FROM speaker
    JOIN told_by ON told_by.n = speaker.n
    WHERE NOT (starts_with(family, 'TEST') AND starts_with(given, 'TEST'))
    UNION ALL
    SELECT told_by.root, speaker.n, coalesce(previous_family, family), coalesce(previous_family_plain, family_plain), family_commonness,
           coalesce(previous_given, given), coalesce(previous_given, given_plain), given_commonness,
           FALSE, coalesce(previous_patronymic, patronymic), coalesce(previous_patronymic_plain, patronymic_plain), patronymic_commonness, NULL, NULL, birth, sex
    FROM speaker
    JOIN told_by ON told_by.n = speaker.n
    WHERE has_previous
), counted AS (
    SELECT told.*, hash(family, given, patronymic, birth) AS name_hash FROM told
), poison AS (
    SELECT name_hash FROM counted GROUP BY name_hash HAVING count(DISTINCT root) > (SELECT namesakes_at_most FROM setting)
)
SELECT CAST(row_number() OVER (ORDER BY counted.n, words IS NULL) AS INTEGER) AS id, counted.* EXCLUDE (name_hash)
FROM counted
WHERE name_hash NOT IN (SELECT name_hash FROM poison)
