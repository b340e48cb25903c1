-- One row per record of relation `member` (n): what it says, with the comparable forms of its names. `words` and `word_set` are the same for
-- the same words in any order (as spelled; without feminine endings).
SELECT person.*,
       family.family, family.plain AS family_plain, coalesce(family.family_commonness, 0) AS family_commonness,
       given.given, given.plain AS given_plain, coalesce(given.given_commonness, 0) AS given_commonness, coalesce(given.is_established, FALSE) AS is_established,
       patronymic.patronymic, patronymic.plain AS patronymic_plain, coalesce(patronymic.patronymic_commonness, 0) AS patronymic_commonness,
       family.word AS family_word, given.word AS given_word, patronymic.word AS patronymic_word,
       previous_family.family AS previous_family, previous_family.plain AS previous_family_plain, previous_given.given AS previous_given,
       previous_patronymic.patronymic AS previous_patronymic, previous_patronymic.plain AS previous_patronymic_plain,
       CASE WHEN (family.id IS NOT NULL)::INTEGER + (given.id IS NOT NULL)::INTEGER + (patronymic.id IS NOT NULL)::INTEGER > 1
            THEN xor(xor(coalesce(family.plain_key, 0), coalesce(given.plain_key, 0)), coalesce(patronymic.plain_key, 0)) END AS words,
       CASE WHEN (family.id IS NOT NULL)::INTEGER + (given.id IS NOT NULL)::INTEGER + (patronymic.id IS NOT NULL)::INTEGER > 1
            THEN xor(xor(coalesce(family.word_key, 0), coalesce(given.word_key, 0)), coalesce(patronymic.word_key, 0)) END AS word_set
FROM member
JOIN person ON person.n = member.n
LEFT JOIN name_form AS family ON family.id = person.family_id
LEFT JOIN name_form AS given ON given.id = person.given_id
LEFT JOIN name_form AS patronymic ON patronymic.id = person.patronymic_id
LEFT JOIN name_form AS previous_family ON previous_family.id = person.previous_family_id
LEFT JOIN name_form AS previous_given ON previous_given.id = person.previous_given_id
LEFT JOIN name_form AS previous_patronymic ON previous_patronymic.id = person.previous_patronymic_id
