-- One row per enrolment that is counted on the last 20 September: what the figures of ОО-1 are sums of.
SELECT
    school_roll.pupil_id,
    school_roll.record_id,
    school_roll.source,
    municipality.name AS municipality,
    school_roll.organisation_key,
    school_roll.grade,
    school_roll.class_letter,
    school_roll.study_form,
    school_roll.sex,
    school_roll.shift,
    school_class.class_shift,
    school_class.is_rural,
    school_class.pupil_count AS class_size,
    school_roll.valid_from,
    EXTRACT(YEAR FROM age(make_date(EXTRACT(YEAR FROM school_roll.counting_date)::integer + 1, 1, 1), school_roll.birth_date))::integer AS age_years
FROM marts.school_roll
LEFT JOIN marts.school_class
    ON school_class.organisation_key = school_roll.organisation_key AND school_class.study_form = school_roll.study_form
    AND school_class.grade IS NOT DISTINCT FROM school_roll.grade AND school_class.class_letter IS NOT DISTINCT FROM school_roll.class_letter
LEFT JOIN marts.organisation ON organisation.organisation_key = school_roll.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
WHERE school_roll.place = 1
ORDER BY school_roll.organisation_key, school_roll.grade, school_roll.class_letter, school_roll.pupil_id
