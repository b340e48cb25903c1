-- One row per record of an explained pair and name it bears or bore, as the scoring model compares them.
WITH speaker AS (
    SELECT * FROM person WHERE record_id IN (SELECT record_id_a FROM explained UNION SELECT record_id_b FROM explained)
), alias AS (
    SELECT n, family, family_plain, given, given_plain, is_established, patronymic, patronymic_plain, words FROM speaker
    UNION ALL
    SELECT n, coalesce(previous_family, family), coalesce(previous_family_plain, family_plain), coalesce(previous_given, given),
           coalesce(previous_given, given_plain), FALSE, coalesce(previous_patronymic, patronymic), coalesce(previous_patronymic_plain, patronymic_plain), NULL
    FROM speaker
    WHERE has_previous
)
SELECT speaker.record_id, alias.* EXCLUDE (n), speaker.family_commonness, speaker.given_commonness, speaker.patronymic_commonness, speaker.birth, speaker.sex, speaker.act,
       CASE WHEN speaker.place IS NULL THEN [] ELSE [speaker.place] END AS places, CASE WHEN speaker.mother IS NULL THEN [] ELSE [speaker.mother] END AS mothers,
       coalesce(speaker.snils, speaker.snils_typed) AS number_first, coalesce(speaker.snils, speaker.snils_typed) AS number_last,
       speaker.snils AS snils_first, speaker.snils AS snils_last, speaker.certificate AS certificate_first, speaker.certificate AS certificate_last, speaker.document AS document_first, speaker.document AS document_last
FROM alias
JOIN speaker ON speaker.n = alias.n
