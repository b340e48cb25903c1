-- A ledger as runs × sources leave it: every delivery of every day with counts, events, refusals and eight results of rules; nobody is in it.
INSERT INTO quality.version (version, kind, as_of, created_at)
SELECT run.n, 'load', DATE '2024-01-01' + run.n::integer, TIMESTAMPTZ '2024-01-01 06:00+08' + run.n * INTERVAL '1 day'
FROM generate_series(1, :runs) AS run (n);

INSERT INTO quality.delivery (
    delivery_id, source, origin, media, sha256, size_bytes, received_at, as_of, state, held_code, held_message,
    received, loaded, unchanged, superseded, refused, withdrawn, version, attempts
)
SELECT
    md5(concat('delivery', run.n, '.', source.n))::uuid, concat('source_', lpad(source.n::text, 2, '0')), concat('10203', lpad(source.n::text, 8, '0'), '/list.csv'),
    'csv', concat(md5(concat(run.n, source.n)), md5(concat(source.n, run.n))), 10000 + run.n, TIMESTAMPTZ '2024-01-01 03:00+08' + run.n * INTERVAL '1 day',
    DATE '2024-01-01' + run.n::integer, kind.state, CASE kind.state WHEN 'held' THEN 'delivery.rows.shrink' END, CASE kind.state WHEN 'held' THEN 'held' END,
    CASE kind.state WHEN 'held' THEN 0 ELSE 1000 END, CASE kind.state WHEN 'held' THEN 0 ELSE 90 - kind.refused END,
    CASE kind.state WHEN 'held' THEN 0 ELSE 900 END, CASE kind.state WHEN 'held' THEN 0 ELSE 10 END, CASE kind.state WHEN 'held' THEN 0 ELSE kind.refused END, 0,
    CASE kind.state WHEN 'held' THEN NULL ELSE run.n END, 0
FROM generate_series(1, :runs) AS run (n)
CROSS JOIN generate_series(1, :sources) AS source (n)
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN (run.n * 7 + source.n) % 97 = 0 THEN 'held' ELSE 'loaded' END AS state,
        CASE WHEN (run.n + source.n * 3) % 5 = 0 THEN (run.n + source.n) % 31 ELSE 0 END AS refused
) AS kind
WHERE (run.n * 13 + source.n) % 61 <> 0;

INSERT INTO quality.delivery_entity (delivery_id, entity, received, loaded, created, updated, unchanged, superseded, refused, withdrawn)
SELECT delivery.delivery_id, 'person', delivery.received, delivery.loaded, delivery.loaded, 0, delivery.unchanged, delivery.superseded, delivery.refused, 0
FROM quality.delivery
WHERE delivery.state = 'loaded';

INSERT INTO quality.delivery_event (delivery_id, at, state, held_code, version)
SELECT delivery.delivery_id, delivery.received_at + step.n * INTERVAL '1 minute', step.state, NULL, NULL
FROM quality.delivery
CROSS JOIN (VALUES (0, 'received'), (1, 'staged'), (2, 'passed')) AS step (n, state)
UNION ALL
SELECT delivery.delivery_id, delivery.received_at + INTERVAL '3 minutes', delivery.state, delivery.held_code, delivery.version
FROM quality.delivery;

INSERT INTO quality.refused_record (delivery_id, entity, position, source_key, rule, rule_version, refused_at_version)
SELECT
    delivery.delivery_id, 'person', record.n::text, concat(left(delivery.origin, 13), ':', record.n),
    (ARRAY['person.snils.control_number', 'person.name.required', 'person.birth.required', 'person.sex.values'])[1 + record.n % 4], 1, delivery.version
FROM quality.delivery
CROSS JOIN LATERAL generate_series(1, delivery.refused) AS record (n);

INSERT INTO quality.validation_result (
    run_id, as_of, gate, source, entity, delivery_id, subject_checked, suite, expectation, rule_version, severity, kwargs, success, evaluated, unexpected, at
)
SELECT
    concat('run', delivery.as_of), delivery.as_of, rule.gate, delivery.source, rule.entity, delivery.delivery_id, delivery.source, 'suite', rule.id, 1,
    rule.severity, '{}', NOT rule.is_broken, 1000, CASE WHEN rule.is_broken THEN 3 ELSE 0 END, delivery.received_at + INTERVAL '2 minutes'
FROM quality.delivery
CROSS JOIN LATERAL (
    VALUES
    ('door', NULL, 'delivery.rows.range', 'hold', FALSE),
    ('door', NULL, 'delivery.refused.share', 'hold', FALSE),
    ('door', NULL, 'delivery.rows.shrink', 'hold', delivery.state = 'held'),
    ('record', 'person', 'person.snils.control_number', 'refuse', delivery.refused > 0),
    ('record', 'person', 'person.name.required', 'refuse', FALSE),
    ('record', 'person', 'person.sex.values', 'refuse', FALSE),
    ('record', 'person', 'person.birth_date.range', 'refuse', FALSE),
    ('record', 'person', 'person.inn.pattern', 'warn', delivery.size_bytes % 11 = 0)
) AS rule (gate, entity, id, severity, is_broken);

INSERT INTO quality.validation_result (
    run_id, as_of, gate, version, subject_checked, suite, expectation, rule_version, severity, kwargs, success, evaluated, unexpected, at
)
SELECT
    concat('run', version.as_of), version.as_of, 'warehouse', version.version, concat('version ', version.version), 'version', rule.id, 1, rule.severity, '{}',
    rule.severity = 'block', 1000, CASE rule.severity WHEN 'warn' THEN 2 ELSE 0 END, version.created_at + INTERVAL '1 hour'
FROM quality.version
CROSS JOIN (VALUES ('ledger.conservation', 'block'), ('link.every_record', 'block'), ('pupil.snils.unique', 'warn')) AS rule (id, severity);

INSERT INTO core.pupil_cell (pupil_id, field, source, rule, disagreement, sources, version_from, version_to)
SELECT
    pupil.n, field.name, concat('source_', lpad((1 + pupil.n % :sources)::text, 2, '0')), 'authority', CASE WHEN pupil.n % 37 = 0 THEN 1 ELSE 0 END, 2,
    1 + pupil.n % :runs, 9223372036854775807
FROM generate_series(1, 20000) AS pupil (n)
CROSS JOIN (VALUES ('family_name'), ('birth_date'), ('sex'), ('snils')) AS field (name);
