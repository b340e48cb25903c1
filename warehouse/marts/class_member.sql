-- One row per journal record and school: the class its marks and absences belong to; `place` 1 is the pupil's latest enrolment (rule of school_roll).
-- built
WITH moment AS MATERIALIZED (
    SELECT core.report_date() AS report_date
),

latest AS (
    SELECT DISTINCT ON (enrolment.record_id, enrolment.organisation_key)
        moment.report_date,
        enrolment.*
    FROM moment
    INNER JOIN marts.enrolment_told AS enrolment ON enrolment.valid_from <= moment.report_date
    ORDER BY enrolment.record_id, enrolment.organisation_key, enrolment.valid_from DESC, enrolment.grade DESC, enrolment.class_letter
)

SELECT
    latest.record_id,
    latest.organisation_key,
    latest.pupil_id,
    latest.source,
    latest.grade,
    latest.class_letter,
    latest.study_form,
    latest.valid_from,
    latest.valid_to,
    EXTRACT(YEAR FROM LEAST(latest.report_date, latest.valid_to - 1) - INTERVAL '8 months')::integer AS last_school_year,
    count(*) OVER (PARTITION BY latest.pupil_id)::integer AS record_count,
    row_number() OVER (
        PARTITION BY latest.pupil_id
        ORDER BY latest.valid_from DESC, latest.organisation_key, latest.grade DESC, latest.class_letter, latest.record_id
    )::integer AS place
FROM latest
