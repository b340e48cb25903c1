-- One row per living child aged 1 to 6 not known to live elsewhere: what the figures of coverage count.
SELECT
    preschool_age_child.pupil_id,
    municipality.name AS municipality,
    preschool_age_child.age_years,
    preschool_age_child.sex,
    preschool_age_child.is_residence_known,
    preschool_age_child.is_in_kindergarten,
    preschool_age_child.is_enrolled
FROM marts.preschool_age_child
LEFT JOIN marts.municipality ON municipality.oktmo = preschool_age_child.oktmo
WHERE preschool_age_child.age_years BETWEEN 1 AND 6
ORDER BY preschool_age_child.pupil_id
