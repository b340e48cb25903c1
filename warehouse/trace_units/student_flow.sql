-- One row per beginning or end of a stay at a university.
SELECT
    student_flow.pupil_id,
    student_flow.record_id,
    student_flow.source,
    student_flow.organisation_name,
    student_flow.organisation_key,
    student_flow.flow_year,
    student_flow.student_flow,
    student_flow.flow_date
FROM marts.student_flow
ORDER BY student_flow.flow_date, student_flow.organisation_key, student_flow.pupil_id
