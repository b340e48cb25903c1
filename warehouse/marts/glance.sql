-- One row: the state of the republic on the report date, as the start page of the portal shows it.
-- built
WITH moment AS MATERIALIZED (
    SELECT
        core.report_date() AS report_date,
        core.visible_version() AS version
),

present AS (
    SELECT
        count(DISTINCT enrolment.pupil_id) FILTER (WHERE enrolment.programme IN ('primary', 'basic', 'secondary')) AS pupil_count,
        count(DISTINCT enrolment.pupil_id) FILTER (WHERE enrolment.programme = 'preschool') AS kindergarten_count,
        count(DISTINCT enrolment.pupil_id) FILTER (WHERE enrolment.programme IN ('vocational', 'higher')) AS student_count
    FROM moment
    INNER JOIN marts.enrolment
        ON enrolment.valid_from <= moment.report_date
        AND (enrolment.valid_to IS NULL OR enrolment.valid_to > moment.report_date)
    INNER JOIN marts.pupil ON pupil.pupil_id = enrolment.pupil_id
    WHERE pupil.death_date IS NULL OR pupil.death_date > moment.report_date
),

children AS (
    SELECT count(*) AS child_count
    FROM moment
    INNER JOIN marts.pupil ON pupil.birth_date > moment.report_date - INTERVAL '18 years' AND pupil.birth_date <= moment.report_date
    WHERE pupil.is_resident IS NOT FALSE AND (pupil.death_date IS NULL OR pupil.death_date > moment.report_date)
),

listed AS (
    SELECT
        count(*) AS not_enrolled_count,
        count(*) FILTER (WHERE not_enrolled.may_be_enrolled) AS may_be_enrolled_count
    FROM marts.not_enrolled
)

SELECT
    moment.report_date,
    moment.version,
    children.child_count::integer AS child_count,
    present.pupil_count::integer AS pupil_count,
    present.kindergarten_count::integer AS kindergarten_count,
    present.student_count::integer AS student_count,
    listed.not_enrolled_count::integer AS not_enrolled_count,
    listed.may_be_enrolled_count::integer AS may_be_enrolled_count,
    (SELECT COALESCE(sum(refused_now.refused_count), 0) FROM marts.refused_now)::integer AS refused_count,
    (
        SELECT count(*) FROM identity.review
        WHERE
            review.version_from <= moment.version AND review.version_to > moment.version
            AND NOT EXISTS (SELECT 1 FROM identity.hidden_record WHERE hidden_record.record_id = review.record_id)
    )::integer AS review_count,
    (
        SELECT count(*) FROM identity.person_record
        WHERE
            person_record.version_from <= moment.version AND person_record.version_to > moment.version
            AND NOT EXISTS (SELECT 1 FROM identity.hidden_record WHERE hidden_record.record_id = person_record.record_id)
    )::integer AS record_count,
    (
        SELECT max(delivery.received_at) FROM quality.delivery
        WHERE delivery.state = 'loaded' AND delivery.version <= moment.version
    ) AS last_load_at
FROM moment
CROSS JOIN children
CROSS JOIN present
CROSS JOIN listed
