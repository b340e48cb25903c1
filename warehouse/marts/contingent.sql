-- One row per organisation, grade, class, study form and sex: pupils enrolled on the last 20 September, each counted once. Form ОО-1.
-- built
SELECT
    school_roll.counting_date,
    organisation.oktmo,
    municipality.name AS municipality,
    school_roll.organisation_key,
    organisation.organisation_name,
    organisation.is_rural,
    school_roll.grade,
    school_roll.class_letter,
    school_roll.study_form,
    school_roll.sex,
    count(*)::integer AS pupil_count,
    count(*) FILTER (WHERE school_roll.shift > 1)::integer AS later_shift_count
FROM marts.school_roll
LEFT JOIN marts.organisation ON organisation.organisation_key = school_roll.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
WHERE school_roll.place = 1
GROUP BY
    school_roll.counting_date, organisation.oktmo, municipality.name, school_roll.organisation_key, organisation.organisation_name,
    organisation.is_rural, school_roll.grade, school_roll.class_letter, school_roll.study_form, school_roll.sex
