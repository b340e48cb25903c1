-- What every query of the pages reads: the ledger as it stood when version :version was published, at :moment; later rows and later states are not seen.
WITH delivered AS (
    SELECT
        delivery.delivery_id,
        delivery.source,
        delivery.origin,
        delivery.media,
        delivery.sha256,
        delivery.size_bytes,
        delivery.received_at,
        delivery.as_of,
        delivery.replay_of,
        moved.held_code,
        CASE WHEN delivery.state = 'duplicate' OR moved.state = 'loaded' THEN delivery.version END AS version,
        CASE
            WHEN moved.state IN ('loaded', 'held', 'duplicate') THEN moved.state
            ELSE 'waiting'
        END AS state,
        CASE WHEN moved.is_in THEN delivery.received ELSE 0 END AS received,
        CASE WHEN moved.is_in THEN delivery.loaded ELSE 0 END AS loaded,
        CASE WHEN moved.is_in THEN delivery.unchanged ELSE 0 END AS unchanged,
        CASE WHEN moved.is_in THEN delivery.superseded ELSE 0 END AS superseded,
        CASE WHEN moved.is_in THEN delivery.refused ELSE 0 END AS refused
    FROM quality.delivery
    LEFT JOIN LATERAL (
        SELECT
            delivery_event.state,
            delivery_event.held_code
        FROM quality.delivery_event
        WHERE delivery_event.delivery_id = delivery.delivery_id AND delivery_event.at <= CAST(:moment AS timestamptz)
        ORDER BY delivery_event.at DESC, delivery_event.event_id DESC
        LIMIT 1
    ) AS last_event ON TRUE
    CROSS JOIN LATERAL (
        SELECT
            state.name AS state,
            state.name IN ('loaded', 'duplicate') AS is_in,
            CASE WHEN state.name = 'held' THEN COALESCE(last_event.held_code, delivery.held_code) END AS held_code
        FROM (
            SELECT
                CASE
                    WHEN delivery.state = 'duplicate' THEN 'duplicate'
                    WHEN delivery.version <= :version THEN 'loaded'
                    WHEN last_event.state = 'loaded' THEN 'waiting'
                    ELSE COALESCE(last_event.state, CASE WHEN delivery.state = 'loaded' THEN 'waiting' ELSE delivery.state END)
                END AS name
        ) AS state
    ) AS moved
    WHERE
        delivery.received_at <= CAST(:moment AS timestamptz)
        AND (delivery.replay_of IS NULL OR delivery.version <= :version)
),

judged AS (
    SELECT
        validation_result.gate,
        validation_result.delivery_id,
        validation_result.entity,
        validation_result.expectation AS rule,
        validation_result.rule_version,
        validation_result.success,
        validation_result.evaluated,
        validation_result.unexpected,
        validation_result.at,
        validation_result.kwargs ->> 'title' AS title,
        COALESCE(validation_result.severity, validation_result.kwargs ->> 'severity', 'hold') AS severity,
        -- Results written before they named their day: the day of what the source had sent last.
        COALESCE(validation_result.as_of, seen.as_of, (
            SELECT max(delivery.as_of) FROM quality.delivery
            WHERE delivery.source = split_part(validation_result.subject_checked, '/', 1) AND delivery.received_at <= validation_result.at
        ), (validation_result.at AT TIME ZONE 'Asia/Irkutsk')::date) AS as_of,
        CASE
            WHEN validation_result.gate IN ('warehouse', 'form') THEN validation_result.gate
            ELSE COALESCE(validation_result.source, split_part(validation_result.subject_checked, '/', 1))
        END AS source
    FROM quality.validation_result
    LEFT JOIN quality.version AS seen
        ON seen.version = COALESCE(validation_result.version, CAST(substring(validation_result.subject_checked FROM '^version (\d+)$') AS bigint))
    WHERE validation_result.at <= CAST(:moment AS timestamptz)
),

-- The warehouse is judged as a whole and may be judged again: the latest word of a day counts.
counted AS (
    SELECT judged.*
    FROM (
        SELECT
            judged.*,
            rank() OVER (PARTITION BY judged.as_of, judged.source, judged.rule ORDER BY judged.at DESC) AS age
        FROM judged
        WHERE judged.gate IN ('warehouse', 'form')
    ) AS judged
    WHERE judged.age = 1
    UNION ALL
    SELECT
        judged.*,
        1 AS age
    FROM judged
    WHERE judged.gate NOT IN ('warehouse', 'form')
),

refusal AS (
    SELECT
        delivered.delivery_id,
        delivered.as_of,
        delivered.source,
        refused_record.entity,
        refused_record.position,
        refused_record.source_key,
        refused_record.rule,
        refused_record.rule_version,
        CASE WHEN life.version <= :version THEN refused_record.replayed_by END AS replayed_by
    FROM quality.refused_record
    INNER JOIN delivered ON delivered.delivery_id = refused_record.delivery_id AND delivered.state = 'loaded'
    LEFT JOIN quality.delivery AS life ON life.delivery_id = refused_record.replayed_by
)

