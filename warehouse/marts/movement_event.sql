-- One row per period, pupil and thing that happened: learns at the start, arrived, left, came from or went to another grade, learns at the end.
-- At each moment a pupil is where the enrolment with the latest first day is, as in school_roll. A break inside the period has one moment without a place.
-- built
WITH stay AS (
    SELECT
        movement_period.movement_period,
        movement_period.date_from,
        movement_period.date_to,
        enrolment_told.pupil_id,
        enrolment_told.source,
        enrolment_told.record_id,
        enrolment_told.organisation_key,
        enrolment_told.grade,
        enrolment_told.class_letter,
        enrolment_told.valid_from,
        LEAST(enrolment_told.valid_to, pupil.death_date) AS ended,
        CASE WHEN pupil.death_date <= COALESCE(enrolment_told.valid_to, pupil.death_date) THEN 'death' ELSE enrolment_told.exit_reason END AS exit_reason
    FROM marts.movement_period
    INNER JOIN marts.enrolment_told ON enrolment_told.valid_from <= movement_period.date_to
    INNER JOIN marts.pupil ON pupil.pupil_id = enrolment_told.pupil_id
),

inside AS (
    SELECT * FROM stay
    WHERE (stay.ended IS NULL OR stay.ended > stay.date_from) AND (stay.ended IS NULL OR stay.ended > stay.valid_from)
),

earlier AS (
    SELECT DISTINCT
        stay.movement_period,
        stay.pupil_id
    FROM stay
    WHERE stay.ended <= stay.date_from
),

point AS (
    SELECT inside.movement_period, inside.pupil_id, inside.date_from AS at FROM inside
    UNION
    SELECT inside.movement_period, inside.pupil_id, inside.valid_from AS at FROM inside WHERE inside.valid_from > inside.date_from
    UNION
    SELECT inside.movement_period, inside.pupil_id, inside.ended AS at FROM inside WHERE inside.ended <= inside.date_to
),

placed AS (
    SELECT
        point.movement_period,
        point.pupil_id,
        point.at,
        inside.source,
        inside.record_id,
        inside.organisation_key,
        inside.grade,
        row_number() OVER (
            PARTITION BY point.movement_period, point.pupil_id, point.at
            ORDER BY inside.valid_from DESC NULLS LAST, inside.organisation_key, inside.grade DESC, inside.class_letter, inside.record_id
        ) AS place
    FROM point
    LEFT JOIN inside
        ON inside.movement_period = point.movement_period AND inside.pupil_id = point.pupil_id
        AND inside.valid_from <= point.at AND (inside.ended IS NULL OR inside.ended > point.at)
),

step AS (
    SELECT
        placed.*,
        row_number() OVER moments AS number,
        lead(placed.at) OVER moments IS NULL AS is_last,
        lag(placed.organisation_key) OVER moments AS from_organisation_key,
        lag(placed.grade) OVER moments AS from_grade,
        lag(placed.source) OVER moments AS from_source,
        lag(placed.record_id) OVER moments AS from_record_id,
        COALESCE(lag(placed.organisation_key) OVER moments, lag(placed.organisation_key, 2) OVER moments) AS before_organisation_key,
        COALESCE(placed.organisation_key, lead(placed.organisation_key) OVER moments) AS after_organisation_key
    FROM placed
    WHERE placed.place = 1
    WINDOW moments AS (PARTITION BY placed.movement_period, placed.pupil_id ORDER BY placed.at)
),

told AS (
    SELECT DISTINCT ON (inside.movement_period, inside.pupil_id, inside.organisation_key, inside.ended)
        inside.movement_period,
        inside.pupil_id,
        inside.organisation_key,
        inside.ended,
        inside.exit_reason
    FROM inside
    WHERE inside.ended IS NOT NULL
    ORDER BY
        inside.movement_period, inside.pupil_id, inside.organisation_key, inside.ended,
        inside.exit_reason = 'unknown', inside.valid_from DESC, inside.record_id
)

SELECT
    step.movement_period,
    step.pupil_id,
    step.source,
    step.record_id,
    'start' AS movement_event,
    NULL AS movement_kind,
    step.at AS event_date,
    step.organisation_key,
    step.grade,
    TRUE AS is_regional
FROM step
WHERE step.number = 1 AND step.organisation_key IS NOT NULL
UNION ALL
SELECT
    step.movement_period,
    step.pupil_id,
    step.source,
    step.record_id,
    'end' AS movement_event,
    NULL AS movement_kind,
    step.at AS event_date,
    step.organisation_key,
    step.grade,
    TRUE AS is_regional
FROM step
WHERE step.is_last AND step.organisation_key IS NOT NULL
UNION ALL
SELECT
    step.movement_period,
    step.pupil_id,
    step.source,
    step.record_id,
    'arrived' AS movement_event,
    CASE
        WHEN step.before_organisation_key <> step.organisation_key THEN 'transfer'
        WHEN step.before_organisation_key IS NOT NULL OR earlier.pupil_id IS NOT NULL THEN 'returned'
        WHEN step.grade <= 1 THEN 'first_grade'
        ELSE 'outside'
    END AS movement_kind,
    step.at AS event_date,
    step.organisation_key,
    step.grade,
    step.before_organisation_key IS NULL AS is_regional
FROM step
LEFT JOIN earlier ON earlier.movement_period = step.movement_period AND earlier.pupil_id = step.pupil_id
WHERE step.number > 1 AND step.organisation_key IS NOT NULL AND step.organisation_key IS DISTINCT FROM step.from_organisation_key
UNION ALL
SELECT
    step.movement_period,
    step.pupil_id,
    step.from_source AS source,
    step.from_record_id AS record_id,
    'left' AS movement_event,
    COALESCE(NULLIF(told.exit_reason, 'unknown'), CASE WHEN step.after_organisation_key IS NULL THEN 'unknown' ELSE 'transfer' END) AS movement_kind,
    step.at AS event_date,
    step.from_organisation_key AS organisation_key,
    step.from_grade AS grade,
    step.after_organisation_key IS NULL AS is_regional
FROM step
LEFT JOIN told
    ON told.movement_period = step.movement_period AND told.pupil_id = step.pupil_id
    AND told.organisation_key = step.from_organisation_key AND told.ended = step.at
WHERE step.number > 1 AND step.from_organisation_key IS NOT NULL AND step.organisation_key IS DISTINCT FROM step.from_organisation_key
UNION ALL
SELECT
    step.movement_period,
    step.pupil_id,
    step.source,
    step.record_id,
    'grade_in' AS movement_event,
    NULL AS movement_kind,
    step.at AS event_date,
    step.organisation_key,
    step.grade,
    FALSE AS is_regional
FROM step
WHERE step.organisation_key = step.from_organisation_key AND step.grade IS DISTINCT FROM step.from_grade
UNION ALL
SELECT
    step.movement_period,
    step.pupil_id,
    step.from_source AS source,
    step.from_record_id AS record_id,
    'grade_out' AS movement_event,
    NULL AS movement_kind,
    step.at AS event_date,
    step.organisation_key,
    step.from_grade AS grade,
    FALSE AS is_regional
FROM step
WHERE step.organisation_key = step.from_organisation_key AND step.grade IS DISTINCT FROM step.from_grade
