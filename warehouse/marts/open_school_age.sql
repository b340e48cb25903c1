-- One row per municipality, age, sex and whether enrolled: children aged 7 to 17 (full years at the last 1 January). Source of open data, never published as it is.
SELECT
    school_age_child.report_date,
    municipality.name AS municipality,
    school_age_child.age_years,
    school_age_child.sex,
    school_age_child.is_enrolled,
    count(*)::integer AS child_count
FROM marts.school_age_child
LEFT JOIN marts.municipality ON municipality.oktmo = school_age_child.oktmo
GROUP BY school_age_child.report_date, municipality.name, school_age_child.age_years, school_age_child.sex, school_age_child.is_enrolled
