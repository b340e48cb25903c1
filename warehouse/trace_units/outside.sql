-- One row per delivery that is not part of the version.
SELECT
    not_loaded.delivery_id::text AS delivery_id,
    not_loaded.source,
    not_loaded.origin,
    not_loaded.sha256,
    not_loaded.state,
    not_loaded.held_code
FROM marts.not_loaded
ORDER BY not_loaded.received_at, not_loaded.delivery_id
