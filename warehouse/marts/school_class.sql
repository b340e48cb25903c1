-- One row per class (organisation, grade, letter, study form) of the last 20 September: its pupils by shift, its place. ОО-1, 2.4 and shifts.
-- The shift of a class is that of most of its pupils; of equals, the earlier one.
-- built
SELECT
    school_roll.counting_date,
    municipality.name AS municipality,
    school_roll.organisation_key,
    organisation.is_rural,
    school_roll.grade,
    school_roll.class_letter,
    school_roll.study_form,
    mode() WITHIN GROUP (ORDER BY school_roll.shift) AS class_shift,
    count(*)::integer AS pupil_count,
    count(*) FILTER (WHERE school_roll.shift = 1)::integer AS shift_1_count,
    count(*) FILTER (WHERE school_roll.shift = 2)::integer AS shift_2_count,
    count(*) FILTER (WHERE school_roll.shift = 3)::integer AS shift_3_count,
    count(*) FILTER (WHERE school_roll.shift IS NULL)::integer AS shift_unknown_count
FROM marts.school_roll
LEFT JOIN marts.organisation ON organisation.organisation_key = school_roll.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
WHERE school_roll.place = 1
GROUP BY
    school_roll.counting_date, municipality.name, school_roll.organisation_key, organisation.is_rural, school_roll.grade, school_roll.class_letter,
    school_roll.study_form
