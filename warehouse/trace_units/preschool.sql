-- One row per child of a preschool group on the counting date of 85-К: what its figures are sums of.
SELECT
    preschool_roll.pupil_id,
    preschool_roll.record_id,
    preschool_roll.source,
    municipality.name AS municipality,
    preschool_roll.organisation_key,
    organisation.organisation_kind = 'kindergarten' AND organisation.place_count IS NOT NULL AS has_places,
    preschool_roll.class_letter,
    preschool_roll.sex,
    preschool_roll.citizenship,
    preschool_roll.age_years,
    preschool_roll.valid_from
FROM marts.preschool_roll
LEFT JOIN marts.organisation ON organisation.organisation_key = preschool_roll.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
WHERE preschool_roll.place = 1
ORDER BY preschool_roll.organisation_key, preschool_roll.class_letter, preschool_roll.pupil_id
