-- One row per municipality of the republic, with its place on the tile map.
SELECT
    municipality.oktmo,
    municipality.name,
    municipality.kind,
    municipality.oktmo_is_confirmed,
    municipality.tile_row,
    municipality.tile_column
FROM core.municipality
