-- One row per school and kindergarten of the register: places, children on the report date and free places (none where the number of places is not told).
-- Queue and applications have no columns: no source sends them.
WITH present AS (
    SELECT
        enrolment.organisation_key,
        count(DISTINCT enrolment.pupil_id) AS pupil_count
    FROM marts.enrolment
    INNER JOIN marts.pupil ON pupil.pupil_id = enrolment.pupil_id
    WHERE
        enrolment.valid_from <= (SELECT core.report_date()) AND (enrolment.valid_to IS NULL OR enrolment.valid_to > (SELECT core.report_date()))
        AND enrolment.programme IN ('preschool', 'primary', 'basic', 'secondary')
        AND (pupil.death_date IS NULL OR pupil.death_date > (SELECT core.report_date()))
    GROUP BY enrolment.organisation_key
)

SELECT
    organisation.oktmo,
    municipality.name AS municipality,
    organisation.organisation_key,
    organisation.organisation_name,
    organisation.organisation_kind,
    organisation.is_rural,
    organisation.shift_count,
    organisation.place_count,
    present.pupil_count::integer AS pupil_count,
    (organisation.place_count - present.pupil_count)::integer AS free_count
FROM marts.organisation
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
LEFT JOIN present ON present.organisation_key = organisation.organisation_key
WHERE organisation.organisation_kind IN ('school', 'kindergarten')
