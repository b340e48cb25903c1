-- One row per stay of one student on one programme of one university (a reinstatement is one more): when the programme was entered, where the student is from.
-- The school is the one the student left as a graduate, or else the last one before the university; `place` 1 is the stay counted of several in force.
-- built
WITH moment AS MATERIALIZED (
    SELECT core.report_date() AS report_date
),

stay AS (
    SELECT
        enrolment.pupil_id,
        enrolment.source,
        enrolment.record_id,
        enrolment.organisation_key,
        enrolment.programme_code,
        enrolment.programme_title,
        enrolment.study_form,
        enrolment.valid_from,
        CASE WHEN enrolment.valid_to <= moment.report_date THEN enrolment.valid_to END AS valid_to,
        CASE WHEN enrolment.valid_to <= moment.report_date THEN COALESCE(enrolment.exit_reason, 'unknown') END AS exit_reason,
        COALESCE(enrolment.valid_to > moment.report_date, TRUE) AS is_current,
        min(enrolment.valid_from) OVER (
            PARTITION BY enrolment.pupil_id, enrolment.organisation_key, enrolment.programme_code, enrolment.programme_title
        ) AS entry_date,
        row_number() OVER (
            PARTITION BY enrolment.pupil_id, enrolment.organisation_key, enrolment.programme_code, enrolment.programme_title
            ORDER BY enrolment.valid_from, enrolment.valid_to, enrolment.study_form, enrolment.source, enrolment.record_id
        )::integer AS stay_number
    FROM moment
    INNER JOIN marts.enrolment ON enrolment.valid_from <= moment.report_date
    WHERE enrolment.programme = 'higher'
),

first_entry AS (
    SELECT
        stay.pupil_id,
        min(stay.entry_date) AS entry_date
    FROM stay
    GROUP BY stay.pupil_id
),

schooling AS (
    SELECT DISTINCT ON (enrolment_told.pupil_id)
        enrolment_told.pupil_id,
        enrolment_told.organisation_key
    FROM marts.enrolment_told
    INNER JOIN first_entry ON first_entry.pupil_id = enrolment_told.pupil_id AND enrolment_told.valid_from < first_entry.entry_date
    ORDER BY
        enrolment_told.pupil_id, (enrolment_told.exit_reason = 'graduated') IS NOT TRUE, enrolment_told.valid_from DESC,
        enrolment_told.grade DESC NULLS LAST, enrolment_told.organisation_key
)

SELECT
    stay.pupil_id,
    stay.source,
    stay.record_id,
    stay.organisation_key,
    organisation.organisation_name,
    stay.programme_code,
    stay.programme_title,
    left(stay.programme_code, 2) AS programme_field,
    stay.study_form,
    pupil.sex,
    EXTRACT(YEAR FROM stay.entry_date)::integer AS entry_year,
    stay.valid_from,
    stay.valid_to,
    stay.exit_reason,
    stay.stay_number,
    stay.is_current AND (pupil.death_date IS NULL OR pupil.death_date > moment.report_date) AS is_current,
    row_number() OVER (
        PARTITION BY stay.pupil_id, stay.organisation_key, stay.programme_code, stay.programme_title
        ORDER BY stay.is_current DESC, stay.stay_number DESC
    )::integer AS place,
    schooling.organisation_key AS school_key,
    COALESCE(of_school.name, of_residence.name) AS origin_municipality,
    CASE
        WHEN of_school.name IS NOT NULL THEN 'school'
        WHEN of_residence.name IS NULL THEN 'unknown'
        WHEN pupil.is_resident IS NULL THEN 'birth'
        ELSE 'residence'
    END AS origin_kind
FROM moment
CROSS JOIN stay
INNER JOIN marts.pupil ON pupil.pupil_id = stay.pupil_id
LEFT JOIN marts.organisation ON organisation.organisation_key = stay.organisation_key
LEFT JOIN schooling ON schooling.pupil_id = stay.pupil_id
LEFT JOIN marts.organisation AS school ON school.organisation_key = schooling.organisation_key
LEFT JOIN marts.municipality AS of_school ON of_school.oktmo = school.oktmo
LEFT JOIN marts.municipality AS of_residence ON of_residence.oktmo = pupil.oktmo
