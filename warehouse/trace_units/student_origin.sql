-- One row per student and programme ever entered: where the student came from.
SELECT
    student_origin.pupil_id,
    student_origin.record_id,
    student_origin.source,
    student_origin.organisation_name,
    student_origin.organisation_key,
    student_origin.programme_field,
    student_origin.entry_year,
    student_origin.school_key,
    student_origin.origin_municipality,
    student_origin.origin_kind,
    student_origin.school_absence
FROM marts.student_origin
ORDER BY student_origin.organisation_key, student_origin.programme_field, student_origin.pupil_id
