-- One row per golden field and two sources (or a source and the golden record): pairs of records of one child that both say something, and that say the same.
WITH said AS MATERIALIZED (
    SELECT
        link.pupil_id,
        person_record.source,
        nullif(replace(upper(person_record.family_name), 'Ё', 'Е'), '') AS family_name,
        nullif(replace(upper(person_record.given_name), 'Ё', 'Е'), '') AS given_name,
        nullif(replace(upper(person_record.patronymic), 'Ё', 'Е'), '') AS patronymic,
        person_record.birth_date,
        person_record.sex,
        person_record.snils,
        person_record.citizenship,
        person_record.death_date
    FROM identity.person_record
    INNER JOIN identity.link
        ON link.record_id = person_record.record_id
        AND link.version_from <= (SELECT core.visible_version()) AND link.version_to > (SELECT core.visible_version())
    WHERE
        person_record.version_from <= (SELECT core.visible_version()) AND person_record.version_to > (SELECT core.visible_version())
        AND NOT EXISTS (SELECT 1 FROM identity.hidden_record WHERE hidden_record.record_id = person_record.record_id)
    UNION ALL
    SELECT
        pupil.pupil_id,
        'golden' AS source,
        nullif(replace(upper(pupil.family_name), 'Ё', 'Е'), '') AS family_name,
        nullif(replace(upper(pupil.given_name), 'Ё', 'Е'), '') AS given_name,
        nullif(replace(upper(pupil.patronymic), 'Ё', 'Е'), '') AS patronymic,
        pupil.birth_date,
        pupil.sex,
        pupil.snils,
        pupil.citizenship,
        pupil.death_date
    FROM core.pupil
    WHERE
        pupil.version_from <= (SELECT core.visible_version()) AND pupil.version_to > (SELECT core.visible_version())
        AND NOT EXISTS (SELECT 1 FROM identity.hidden_pupil WHERE hidden_pupil.pupil_id = pupil.pupil_id)
),

compared AS (
    SELECT
        one.source,
        other.source AS other_source,
        count(*) FILTER (WHERE one.family_name IS NOT NULL AND other.family_name IS NOT NULL) AS family_name,
        count(*) FILTER (WHERE one.family_name = other.family_name) AS same_family_name,
        count(*) FILTER (WHERE one.given_name IS NOT NULL AND other.given_name IS NOT NULL) AS given_name,
        count(*) FILTER (WHERE one.given_name = other.given_name) AS same_given_name,
        count(*) FILTER (WHERE one.patronymic IS NOT NULL AND other.patronymic IS NOT NULL) AS patronymic,
        count(*) FILTER (WHERE one.patronymic = other.patronymic) AS same_patronymic,
        count(*) FILTER (WHERE one.birth_date IS NOT NULL AND other.birth_date IS NOT NULL) AS birth_date,
        count(*) FILTER (WHERE one.birth_date = other.birth_date) AS same_birth_date,
        count(*) FILTER (WHERE one.sex IS NOT NULL AND other.sex IS NOT NULL) AS sex,
        count(*) FILTER (WHERE one.sex = other.sex) AS same_sex,
        count(*) FILTER (WHERE one.snils IS NOT NULL AND other.snils IS NOT NULL) AS snils,
        count(*) FILTER (WHERE one.snils = other.snils) AS same_snils,
        count(*) FILTER (WHERE one.citizenship IS NOT NULL AND other.citizenship IS NOT NULL) AS citizenship,
        count(*) FILTER (WHERE one.citizenship = other.citizenship) AS same_citizenship,
        count(*) FILTER (WHERE one.death_date IS NOT NULL AND other.death_date IS NOT NULL) AS death_date,
        count(*) FILTER (WHERE one.death_date = other.death_date) AS same_death_date
    FROM said AS one
    INNER JOIN said AS other ON other.pupil_id = one.pupil_id AND other.source > one.source
    GROUP BY one.source, other.source
)

SELECT
    field_count.field,
    compared.source,
    compared.other_source,
    field_count.pair_count::bigint AS pair_count,
    field_count.agreed_count::bigint AS agreed_count
FROM compared
CROSS JOIN LATERAL (
    VALUES
    ('family_name', compared.family_name, compared.same_family_name),
    ('given_name', compared.given_name, compared.same_given_name),
    ('patronymic', compared.patronymic, compared.same_patronymic),
    ('birth_date', compared.birth_date, compared.same_birth_date),
    ('sex', compared.sex, compared.same_sex),
    ('snils', compared.snils, compared.same_snils),
    ('citizenship', compared.citizenship, compared.same_citizenship),
    ('death_date', compared.death_date, compared.same_death_date)
) AS field_count (field, pair_count, agreed_count)
WHERE field_count.pair_count > 0
