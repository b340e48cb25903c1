-- One row per living child aged 7 to 17 not known to live elsewhere, with what is known of those enrolled nowhere.
SELECT
    school_age_child.pupil_id,
    municipality.name AS municipality,
    school_age_child.age_years,
    school_age_child.sex,
    school_age_child.is_rural,
    school_age_child.is_residence_known,
    school_age_child.is_enrolled,
    school_age_child.is_family_form,
    not_enrolled.reason,
    COALESCE(not_enrolled.is_reason_known, FALSE) AS is_reason_known,
    COALESCE(not_enrolled.may_be_enrolled, FALSE) AS may_be_enrolled
FROM marts.school_age_child
LEFT JOIN marts.not_enrolled ON not_enrolled.pupil_id = school_age_child.pupil_id
LEFT JOIN marts.municipality ON municipality.oktmo = school_age_child.oktmo
ORDER BY school_age_child.pupil_id
