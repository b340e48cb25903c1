-- One row per municipality: places of schools (one shift) and of kindergartens, as the ministry's register has them; organisations whose places it does not name.
SELECT
    organisation.oktmo,
    municipality.name AS municipality,
    COALESCE(sum(organisation.place_count) FILTER (WHERE organisation.organisation_kind = 'school'), 0)::integer AS school_place_count,
    COALESCE(sum(organisation.place_count) FILTER (WHERE organisation.organisation_kind = 'kindergarten'), 0)::integer AS kindergarten_place_count,
    (count(*) FILTER (WHERE organisation.place_count IS NULL))::integer AS placeless_count
FROM marts.organisation
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
WHERE organisation.organisation_kind IN ('school', 'kindergarten')
GROUP BY organisation.oktmo, municipality.name
