-- One row per municipality of residence and month of birth: living children under 18 not known to live elsewhere, and how many attend a kindergarten. Demand for places.
-- built
SELECT
    pupil.oktmo,
    municipality.name AS municipality,
    date_trunc('month', pupil.birth_date)::date AS birth_month,
    count(*)::integer AS child_count,
    count(*) FILTER (WHERE attending.pupil_id IS NOT NULL)::integer AS kindergarten_count
FROM marts.pupil
LEFT JOIN (
    SELECT DISTINCT enrolment.pupil_id
    FROM marts.enrolment
    WHERE
        enrolment.programme = 'preschool'
        AND enrolment.valid_from <= (SELECT core.report_date())
        AND (enrolment.valid_to IS NULL OR enrolment.valid_to > (SELECT core.report_date()))
) AS attending ON attending.pupil_id = pupil.pupil_id
LEFT JOIN marts.municipality ON municipality.oktmo = pupil.oktmo
WHERE
    pupil.is_resident IS NOT FALSE
    AND (pupil.death_date IS NULL OR pupil.death_date > (SELECT core.report_date()))
    AND pupil.birth_date <= (SELECT core.report_date())
    AND pupil.birth_date >= date_trunc('month', (SELECT core.report_date()) - INTERVAL '18 years' + INTERVAL '1 month')
GROUP BY pupil.oktmo, municipality.name, date_trunc('month', pupil.birth_date)::date
