-- One row per period, class and subject: final marks by kind. `is_latest` is the last finished period of the class in the last school year that has marks.
-- built
SELECT
    final_counted.period,
    final_counted.period_title,
    final_counted.period_end,
    final_counted.school_year,
    municipality.name AS municipality,
    final_counted.organisation_key,
    organisation.organisation_name,
    final_counted.grade,
    final_counted.class_letter,
    final_counted.class_name,
    final_counted.subject,
    final_counted.subject_title,
    count(*) FILTER (WHERE final_counted.outcome = 'five')::integer AS five_count,
    count(*) FILTER (WHERE final_counted.outcome = 'four')::integer AS four_count,
    count(*) FILTER (WHERE final_counted.outcome = 'three')::integer AS three_count,
    count(*) FILTER (WHERE final_counted.outcome = 'two')::integer AS two_count,
    count(*) FILTER (WHERE final_counted.outcome = 'not_attested')::integer AS not_attested_count,
    count(*) FILTER (WHERE final_counted.outcome = 'credit')::integer AS credit_count,
    count(*) FILTER (WHERE final_counted.outcome = 'other')::integer AS other_mark_count,
    COALESCE(sum(final_counted.mark_value), 0)::integer AS mark_sum,
    final_counted.school_year = max(final_counted.school_year) OVER ()
    AND final_counted.period = first_value(final_counted.period) OVER (
        PARTITION BY final_counted.organisation_key, final_counted.grade, final_counted.class_letter
        ORDER BY final_counted.period_end DESC, final_counted.period_place DESC
    ) AS is_latest
FROM marts.final_counted
LEFT JOIN marts.organisation ON organisation.organisation_key = final_counted.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
GROUP BY
    final_counted.period, final_counted.period_title, final_counted.period_end, final_counted.period_place, final_counted.school_year,
    municipality.name, final_counted.organisation_key, organisation.organisation_name, final_counted.grade, final_counted.class_letter,
    final_counted.class_name, final_counted.subject, final_counted.subject_title
