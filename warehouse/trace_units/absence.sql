-- One row per missed or late lesson of this school year that counts.
SELECT
    absence_counted.pupil_id,
    absence_counted.record_id,
    absence_counted.source,
    municipality.name AS municipality,
    absence_counted.organisation_key,
    absence_counted.class_name,
    absence_counted.month,
    absence_counted.lesson_date,
    absence_counted.absence_reason
FROM marts.absence_counted
LEFT JOIN marts.organisation ON organisation.organisation_key = absence_counted.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
ORDER BY absence_counted.organisation_key, absence_counted.class_name, absence_counted.pupil_id, absence_counted.lesson_date
