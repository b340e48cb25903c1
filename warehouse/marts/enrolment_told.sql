-- One row per general-education enrolment ever told: those of the present lists, and those whose row left its list, as they were told last.
-- A row that left its list without a leaving date counts as ended on the day it was missed; journals drop pupils some days after they leave.
WITH dropped AS (
    SELECT
        enrolment.*,
        COALESCE(
            enrolment.valid_to,
            (SELECT max(version.as_of) FROM quality.version WHERE version.version <= enrolment.version_to)
        ) AS ended
    FROM core.enrolment
    WHERE
        enrolment.programme IN ('primary', 'basic', 'secondary')
        AND enrolment.version_to <= (SELECT core.visible_version())
        AND NOT EXISTS (
            SELECT FROM core.enrolment AS later
            WHERE
                later.source = enrolment.source AND later.source_key = enrolment.source_key
                AND later.version_from >= enrolment.version_to AND later.version_from <= (SELECT core.visible_version())
        )
        AND NOT EXISTS (SELECT FROM identity.hidden_record AS hidden WHERE hidden.record_id = enrolment.record_id)
),

last_link AS (
    SELECT DISTINCT ON (link.record_id)
        link.record_id,
        CASE WHEN pupil.redirect_version <= (SELECT core.visible_version()) THEN pupil.redirect_to ELSE link.pupil_id END AS pupil_id
    FROM identity.link
    INNER JOIN identity.pupil ON pupil.pupil_id = link.pupil_id
    WHERE link.version_from <= (SELECT core.visible_version()) AND link.record_id IN (SELECT dropped.record_id FROM dropped)
    ORDER BY link.record_id ASC, link.version_from DESC
)

SELECT
    enrolment.pupil_id,
    enrolment.source,
    enrolment.record_id,
    enrolment.organisation_key,
    enrolment.grade,
    enrolment.class_letter,
    enrolment.study_form,
    enrolment.shift,
    enrolment.valid_from,
    enrolment.valid_to,
    enrolment.exit_reason
FROM marts.enrolment
WHERE enrolment.programme IN ('primary', 'basic', 'secondary')
UNION ALL
SELECT
    last_link.pupil_id,
    dropped.source,
    dropped.record_id,
    dropped.organisation_key,
    dropped.grade,
    dropped.class_letter,
    dropped.study_form,
    dropped.shift,
    dropped.valid_from,
    dropped.ended AS valid_to,
    dropped.exit_reason
FROM dropped
INNER JOIN last_link ON last_link.record_id = dropped.record_id
WHERE dropped.ended > dropped.valid_from
