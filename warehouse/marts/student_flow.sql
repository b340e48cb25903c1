-- One row per beginning or end of a stay at a university: entered, reinstated, or left with the reason; the year of study begins on 1 September.
WITH flow AS (
    SELECT
        student_stay.*,
        CASE WHEN student_stay.stay_number = 1 THEN 'entered' ELSE 'reinstated' END AS student_flow,
        student_stay.valid_from AS flow_date
    FROM marts.student_stay
    UNION ALL
    SELECT
        student_stay.*,
        CASE WHEN student_stay.exit_reason IN ('expelled', 'graduated') THEN student_stay.exit_reason ELSE 'left' END AS student_flow,
        student_stay.valid_to AS flow_date
    FROM marts.student_stay
    WHERE student_stay.valid_to IS NOT NULL
)

SELECT
    flow.pupil_id,
    flow.source,
    flow.record_id,
    flow.organisation_key,
    flow.organisation_name,
    flow.programme_code,
    flow.programme_title,
    EXTRACT(YEAR FROM flow.flow_date - INTERVAL '8 months')::integer AS flow_year,
    flow.student_flow,
    flow.flow_date
FROM flow
