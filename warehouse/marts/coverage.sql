-- One row per municipality of residence: children aged 7 to 17, how many of them study somewhere, in family form, or nowhere. Control totals of 1-НД.
-- built
SELECT
    COALESCE(municipality.oktmo, school_age_child.oktmo) AS oktmo,
    municipality.name AS municipality,
    municipality.tile_row,
    municipality.tile_column,
    count(school_age_child.pupil_id)::integer AS child_count,
    count(*) FILTER (WHERE school_age_child.is_enrolled)::integer AS enrolled_count,
    count(*) FILTER (WHERE school_age_child.is_enrolled AND school_age_child.is_family_form)::integer AS family_form_count,
    count(*) FILTER (WHERE NOT school_age_child.is_enrolled)::integer AS not_enrolled_count
FROM marts.school_age_child
FULL JOIN marts.municipality ON municipality.oktmo = school_age_child.oktmo
GROUP BY
    COALESCE(municipality.oktmo, school_age_child.oktmo), municipality.name, municipality.tile_row, municipality.tile_column
