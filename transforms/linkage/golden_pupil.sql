-- One row per pupil: the golden record. A pupil all of whose records are annulled, or believed by nobody, has only its id.
WITH wide AS (
    SELECT pupil_id,
           max(record_id) FILTER (field = 'name') AS name_record,
           max(value) FILTER (field = 'birth_date') AS birth_date,
           max(value) FILTER (field = 'sex') AS sex,
           max(value) FILTER (field = 'snils') AS snils,
           max(value) FILTER (field = 'citizenship') AS citizenship,
           max(value) FILTER (field = 'death_date') AS death_date,
           string_split(max(value) FILTER (field = 'residence'), '|') AS residence
    FROM golden_winner
    GROUP BY pupil_id
), pupil AS (
    SELECT DISTINCT pupil_id FROM link
)
SELECT pupil.pupil_id, record.family_name, record.given_name, record.patronymic, CAST(wide.birth_date AS DATE) AS birth_date, wide.sex, wide.snils,
       wide.citizenship, CAST(wide.death_date AS DATE) AS death_date, nullif(wide.residence[1], '') AS oktmo,
       CAST(nullif(wide.residence[2], '') AS BOOLEAN) AS is_rural, CAST(nullif(wide.residence[3], '') AS BOOLEAN) AS is_resident
FROM pupil
LEFT JOIN wide ON wide.pupil_id = pupil.pupil_id
LEFT JOIN record ON record.record_id = wide.name_record
ORDER BY pupil.pupil_id
