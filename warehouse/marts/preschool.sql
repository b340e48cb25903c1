-- One row per organisation, group, age, sex and citizenship: children of preschool groups, each counted once. Sections 4 and 7 of 85-К.
-- built
SELECT
    preschool_roll.counting_date,
    preschool_roll.age_date,
    organisation.oktmo,
    municipality.name AS municipality,
    preschool_roll.organisation_key,
    organisation.organisation_name,
    preschool_roll.class_letter,
    preschool_roll.age_years,
    preschool_roll.sex,
    preschool_roll.citizenship,
    count(*)::integer AS child_count
FROM marts.preschool_roll
LEFT JOIN marts.organisation ON organisation.organisation_key = preschool_roll.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
WHERE preschool_roll.place = 1
GROUP BY
    preschool_roll.counting_date, preschool_roll.age_date, organisation.oktmo, municipality.name, preschool_roll.organisation_key,
    organisation.organisation_name, preschool_roll.class_letter, preschool_roll.age_years, preschool_roll.sex, preschool_roll.citizenship
