-- One row per organisation that is a kindergarten or has preschool groups: its children and, of a kindergarten, its places (places of a school are not of its groups).
WITH child AS (
    SELECT
        preschool_roll.organisation_key,
        count(*)::integer AS child_count
    FROM marts.preschool_roll
    WHERE preschool_roll.place = 1
    GROUP BY preschool_roll.organisation_key
)

SELECT
    COALESCE(organisation.organisation_key, child.organisation_key) AS organisation_key,
    organisation.organisation_name,
    organisation.oktmo,
    municipality.name AS municipality,
    municipality.tile_row,
    municipality.tile_column,
    CASE WHEN organisation.organisation_kind = 'kindergarten' THEN organisation.place_count END AS place_count,
    COALESCE(child.child_count, 0) AS child_count
FROM marts.organisation
FULL JOIN child ON child.organisation_key = organisation.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
WHERE organisation.organisation_kind = 'kindergarten' OR child.organisation_key IS NOT NULL
