-- One row per municipality of residence: living children aged 1 to 6 (full years at the 1 January after the counting date), how many attend a kindergarten or a school.
-- built
SELECT
    COALESCE(municipality.oktmo, child.oktmo) AS oktmo,
    municipality.name AS municipality,
    municipality.tile_row,
    municipality.tile_column,
    count(child.pupil_id)::integer AS child_count,
    count(*) FILTER (WHERE child.is_in_kindergarten)::integer AS kindergarten_count,
    count(*) FILTER (WHERE child.is_enrolled AND NOT child.is_in_kindergarten)::integer AS enrolled_count
FROM (
    SELECT
        preschool_age_child.pupil_id,
        preschool_age_child.oktmo,
        preschool_age_child.is_in_kindergarten,
        preschool_age_child.is_enrolled
    FROM marts.preschool_age_child
    WHERE preschool_age_child.age_years BETWEEN 1 AND 6
) AS child
FULL JOIN marts.municipality ON municipality.oktmo = child.oktmo
GROUP BY
    COALESCE(municipality.oktmo, child.oktmo), municipality.name, municipality.tile_row, municipality.tile_column
