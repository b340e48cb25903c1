-- One row per final mark of one child in one subject for one period; without a value the child is not attested or has a credit (`mark_text`).
SELECT
    final_mark.record_id,
    final_mark.pupil_id,
    final_mark.organisation_key,
    final_mark.subject,
    final_mark.period,
    left(final_mark.period, 4)::integer AS school_year,
    final_mark.mark_value,
    final_mark.mark_text
FROM marts.final_mark
