-- One row per period, pupil and event of movement, with the place and the grade it counts in.
SELECT
    movement_event.movement_period,
    movement_event.pupil_id,
    movement_event.record_id,
    movement_event.source,
    movement_event.movement_event,
    movement_event.movement_kind,
    movement_event.event_date,
    municipality.name AS municipality,
    movement_event.organisation_key,
    movement_event.grade,
    movement_event.is_regional
FROM marts.movement_event
LEFT JOIN marts.organisation ON organisation.organisation_key = movement_event.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
ORDER BY movement_event.movement_period, movement_event.pupil_id, movement_event.event_date, movement_event.movement_event
