-- One row per grade, age, sex and study form: pupils of the last 20 September by full years at the 1 January after it. Age section of ОО-1.
WITH aged AS (
    SELECT
        school_roll.grade,
        school_roll.sex,
        school_roll.study_form,
        make_date(EXTRACT(YEAR FROM school_roll.counting_date)::integer + 1, 1, 1) AS age_date,
        school_roll.birth_date
    FROM marts.school_roll
    WHERE school_roll.place = 1
)

SELECT
    aged.age_date,
    aged.grade,
    EXTRACT(YEAR FROM age(aged.age_date, aged.birth_date))::integer AS age_years,
    aged.sex,
    aged.study_form,
    count(*)::integer AS pupil_count
FROM aged
GROUP BY aged.age_date, aged.grade, age_years, aged.sex, aged.study_form
