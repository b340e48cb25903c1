-- One row per record that tells family name, given name and birth date, as the scoring model compares them; `root` is what strong evidence holds together.
SELECT person.n AS unique_id, cluster.root, person.family, person.family_plain, person.family_commonness, person.given, person.given_plain, person.given_commonness,
       person.is_established, person.patronymic, person.patronymic_plain, person.patronymic_commonness, person.words, person.birth, person.sex,
       CASE WHEN person.place IS NULL THEN [] ELSE [person.place] END AS places, CASE WHEN person.mother IS NULL THEN [] ELSE [person.mother] END AS mothers,
       person.snils AS number_first, person.snils AS number_last, person.snils AS snils_first, person.snils AS snils_last, person.certificate AS certificate_first, person.certificate AS certificate_last,
       person.document AS document_first, person.document AS document_last
FROM person
JOIN cluster ON cluster.n = person.n
WHERE person.family IS NOT NULL AND person.given IS NOT NULL AND person.birth IS NOT NULL
