-- One row per period, organisation, grade, event and kind: pupils at the start, arrived, left, at the end. `is_regional`: counts for the region too.
-- built
SELECT
    movement_event.movement_period,
    movement_event.movement_event,
    movement_event.movement_kind,
    municipality.name AS municipality,
    movement_event.organisation_key,
    organisation.organisation_name,
    movement_event.grade,
    movement_event.is_regional,
    count(*)::integer AS pupil_count
FROM marts.movement_event
LEFT JOIN marts.organisation ON organisation.organisation_key = movement_event.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
GROUP BY
    movement_event.movement_period, movement_event.movement_event, movement_event.movement_kind, municipality.name, movement_event.organisation_key,
    organisation.organisation_name, movement_event.grade, movement_event.is_regional
