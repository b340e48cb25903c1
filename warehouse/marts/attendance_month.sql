-- One row per class and month of this school year: lessons missed by reason, and lessons come late to.
-- built
SELECT
    absence_counted.month,
    municipality.name AS municipality,
    absence_counted.organisation_key,
    organisation.organisation_name,
    absence_counted.grade,
    absence_counted.class_letter,
    absence_counted.class_name,
    count(*) FILTER (WHERE absence_counted.absence_reason = 'ill')::integer AS ill_count,
    count(*) FILTER (WHERE absence_counted.absence_reason = 'valid')::integer AS valid_count,
    count(*) FILTER (WHERE absence_counted.absence_reason = 'absent')::integer AS absent_count,
    count(*) FILTER (WHERE absence_counted.absence_reason = 'late')::integer AS late_count
FROM marts.absence_counted
LEFT JOIN marts.organisation ON organisation.organisation_key = absence_counted.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
GROUP BY
    absence_counted.month, municipality.name, absence_counted.organisation_key, organisation.organisation_name, absence_counted.grade,
    absence_counted.class_letter, absence_counted.class_name
