-- One row per living child not known to live elsewhere, aged 7 to 17 (full years at the last 1 January) enrolled nowhere on the report date. Successor of form 1-НД.
-- built
WITH child AS (
    SELECT school_age_child.*
    FROM marts.school_age_child
    WHERE NOT school_age_child.is_enrolled
),

in_doubt AS (
    SELECT
        review.candidate_pupil_id,
        link.pupil_id
    FROM identity.review
    INNER JOIN identity.link ON link.record_id = review.record_id
    WHERE
        review.version_from <= (SELECT core.visible_version()) AND review.version_to > (SELECT core.visible_version())
        AND link.version_from <= (SELECT core.visible_version()) AND link.version_to > (SELECT core.visible_version())
        AND NOT EXISTS (SELECT 1 FROM identity.hidden_pupil WHERE hidden_pupil.pupil_id = link.pupil_id)
        AND NOT EXISTS (SELECT 1 FROM identity.hidden_pupil WHERE hidden_pupil.pupil_id = review.candidate_pupil_id)
),

-- Two pupils whom a person has not yet told apart: if they are one child, an enrolment of either is an enrolment of both.
perhaps_same AS (
    SELECT
        in_doubt.candidate_pupil_id AS pupil_id,
        in_doubt.pupil_id AS other_pupil_id
    FROM in_doubt
    UNION ALL
    SELECT
        in_doubt.pupil_id,
        in_doubt.candidate_pupil_id
    FROM in_doubt
),

-- Schools as they were told last, also when the journal has dropped the row since: who left is in no list of today.
stay AS (
    SELECT
        enrolment_told.pupil_id,
        enrolment_told.organisation_key,
        enrolment_told.grade,
        enrolment_told.valid_from,
        enrolment_told.valid_to,
        enrolment_told.exit_reason,
        enrolment_told.record_id
    FROM marts.enrolment_told
    UNION ALL
    SELECT
        enrolment.pupil_id,
        enrolment.organisation_key,
        enrolment.grade,
        enrolment.valid_from,
        enrolment.valid_to,
        enrolment.exit_reason,
        enrolment.record_id
    FROM marts.enrolment
    WHERE enrolment.programme NOT IN ('primary', 'basic', 'secondary')
),

maybe AS (
    SELECT DISTINCT perhaps_same.pupil_id
    FROM perhaps_same
    INNER JOIN marts.enrolment
        ON enrolment.pupil_id = perhaps_same.other_pupil_id
        AND enrolment.programme <> 'preschool'
        AND enrolment.valid_from <= (SELECT core.report_date())
        AND (enrolment.valid_to IS NULL OR enrolment.valid_to > (SELECT core.report_date()))
),

last_enrolment AS (
    SELECT DISTINCT ON (child.pupil_id)
        child.pupil_id,
        enrolment.organisation_key,
        enrolment.grade,
        enrolment.valid_to,
        enrolment.exit_reason
    FROM child
    INNER JOIN stay AS enrolment ON enrolment.pupil_id = child.pupil_id AND enrolment.valid_from <= child.report_date
    ORDER BY
        child.pupil_id, enrolment.valid_to DESC NULLS FIRST, enrolment.valid_from DESC, enrolment.organisation_key, enrolment.record_id
)

SELECT
    child.report_date,
    child.age_date,
    child.pupil_id,
    child.oktmo,
    municipality.name AS municipality,
    child.is_rural,
    child.is_residence_known,
    child.age_years,
    child.sex,
    reason.reason,
    reason.reason IN ('kindergarten', 'graduated', 'expelled', 'health') AS is_reason_known,
    last_enrolment.organisation_key AS last_organisation_key,
    organisation.organisation_name AS last_organisation_name,
    last_enrolment.grade AS last_grade,
    last_enrolment.valid_to AS left_date,
    maybe.pupil_id IS NOT NULL AS may_be_enrolled
FROM child
LEFT JOIN maybe ON maybe.pupil_id = child.pupil_id
LEFT JOIN last_enrolment ON last_enrolment.pupil_id = child.pupil_id
LEFT JOIN marts.organisation ON organisation.organisation_key = last_enrolment.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = child.oktmo
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN child.is_in_kindergarten THEN 'kindergarten'
        WHEN last_enrolment.pupil_id IS NULL THEN 'never_enrolled'
        ELSE COALESCE(last_enrolment.exit_reason, 'unknown')
    END AS reason
) AS reason
