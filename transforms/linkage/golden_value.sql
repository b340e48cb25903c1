-- One row per pupil, field and record that states it: the value, its comparable form, and the rank of the source (missing = not believed).
WITH stated AS (
    SELECT pupil_id, record_id, source, coalesce(sequence, 0) AS sequence, 'name' AS field, 'family_name' AS authority_field,
           concat_ws(' ', family_name, given_name, patronymic) AS value,
           concat_ws('|', coalesce(family, ''), coalesce(given, ''), coalesce(patronymic_form, '')) AS form, 0 AS preference, '' AS recency
    FROM golden_source
    WHERE family_name IS NOT NULL OR given_name IS NOT NULL
    UNION ALL
    SELECT pupil_id, record_id, source, coalesce(sequence, 0), 'birth_date', 'birth_date', CAST(birth_date AS VARCHAR), CAST(birth_date AS VARCHAR), 0, ''
    FROM golden_source
    UNION ALL
    SELECT pupil_id, record_id, source, coalesce(sequence, 0), 'sex', 'sex', sex, sex, 0, '' FROM golden_source
    UNION ALL
    SELECT pupil_id, record_id, source, coalesce(sequence, 0), 'snils', 'snils', snils, snils, 0, '' FROM golden_source
    UNION ALL
    SELECT pupil_id, record_id, source, coalesce(sequence, 0), 'death_date', 'death_date', CAST(death_date AS VARCHAR), CAST(death_date AS VARCHAR), 0, ''
    FROM golden_source
    UNION ALL
    SELECT pupil_id, record_id, source, coalesce(sequence, 0), 'citizenship', 'citizenship', citizenship, citizenship, 0, '' FROM golden_source
    UNION ALL
    SELECT speaker.pupil_id, speaker.record_id, speaker.source, coalesce(speaker.sequence, 0), 'citizenship', 'citizenship',
           citizenship.citizenship, citizenship.citizenship, CASE WHEN citizenship.valid_to IS NULL THEN 0 ELSE 1 END,
           coalesce(CAST(citizenship.valid_from AS VARCHAR), '')
    FROM citizenship
    JOIN golden_source AS speaker ON speaker.record_id = citizenship.record_id
    UNION ALL
    SELECT speaker.pupil_id, speaker.record_id, speaker.source, coalesce(speaker.sequence, 0), 'residence', 'oktmo',
           concat_ws('|', coalesce(residence.oktmo, ''), coalesce(CAST(residence.is_rural AS VARCHAR), ''), CAST(NOT residence.is_outside_region AS VARCHAR)),
           concat_ws('|', coalesce(residence.oktmo, ''), CAST(residence.is_outside_region AS VARCHAR)),
           CASE WHEN residence.residence_kind = 'living' THEN 0 ELSE 1 END,
           coalesce(CAST(residence.valid_from AS VARCHAR), '')
    FROM residence
    JOIN golden_source AS speaker ON speaker.record_id = residence.record_id
    UNION ALL
    -- Where nobody registers the child, the act's municipality says who should look for it; that it lives there is not known.
    SELECT pupil_id, record_id, source, coalesce(sequence, 0), 'residence', 'oktmo', oktmo || '||', oktmo || '|false', 2, ''
    FROM golden_source
    WHERE oktmo IS NOT NULL
)
SELECT stated.* EXCLUDE (authority_field), coalesce(authority.rank, any_field.rank, CASE WHEN stated.field = 'residence' THEN 1 END) AS rank
FROM stated
LEFT JOIN authority ON authority.source = stated.source AND authority.field = stated.authority_field
LEFT JOIN authority AS any_field ON any_field.source = stated.source AND any_field.field = '*'
WHERE stated.value IS NOT NULL
