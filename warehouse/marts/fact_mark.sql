-- One row per current mark or debt of one child for one piece of work of one lesson day and subject.
SELECT
    mark.record_id,
    mark.pupil_id,
    mark.organisation_key,
    mark.subject,
    mark.lesson_date,
    EXTRACT(YEAR FROM mark.lesson_date - INTERVAL '8 months')::integer AS school_year,
    mark.mark_value,
    mark.mark_weight,
    mark.work_kind,
    mark.is_debt
FROM marts.mark
