-- One row per municipality, grade, age, sex and study form: pupils of the last 20 September by full years at the 1 January after it. Age section of ОО-1.
-- built
WITH aged AS (
    SELECT
        municipality.name AS municipality,
        school_roll.grade,
        school_roll.sex,
        school_roll.study_form,
        make_date(EXTRACT(YEAR FROM school_roll.counting_date)::integer + 1, 1, 1) AS age_date,
        school_roll.birth_date
    FROM marts.school_roll
    LEFT JOIN marts.organisation ON organisation.organisation_key = school_roll.organisation_key
    LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
    WHERE school_roll.place = 1
)

SELECT
    aged.age_date,
    aged.municipality,
    aged.grade,
    EXTRACT(YEAR FROM age(aged.age_date, aged.birth_date))::integer AS age_years,
    aged.sex,
    aged.study_form,
    count(*)::integer AS pupil_count
FROM aged
GROUP BY aged.age_date, aged.municipality, aged.grade, age_years, aged.sex, aged.study_form
