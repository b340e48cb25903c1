-- One row per full name a record bears: the present one, and the one before a change.
SELECT n, family, family_plain, given, given_plain, is_established, patronymic, patronymic_plain, words
FROM person
UNION ALL
SELECT n, coalesce(previous_family, family), coalesce(previous_family_plain, family_plain),
       coalesce(previous_given, given), coalesce(previous_given, given_plain), FALSE,
       coalesce(previous_patronymic, patronymic), coalesce(previous_patronymic_plain, patronymic_plain), NULL
FROM person
WHERE has_previous
