-- One row per thing that happened to the deliveries asked for, in the order of time.
SELECT
    delivery_event.delivery_id,
    delivery_event.at,
    delivery_event.state,
    delivery_event.held_code,
    delivery_event.version,
    delivery_event.decided_by,
    delivery_event.reason
FROM quality.delivery_event
WHERE delivery_event.delivery_id = ANY(CAST(:ids AS uuid [])) AND delivery_event.at <= CAST(:moment AS timestamptz)
ORDER BY delivery_event.delivery_id, delivery_event.event_id
