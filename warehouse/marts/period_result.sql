-- One row per finished period, municipality, grade and result: pupils of the report date by the worst of their final marks.
-- built
SELECT
    pupil_result.period,
    pupil_result.period_kind,
    municipality.name AS municipality,
    pupil_result.grade,
    pupil_result.period_result,
    count(*)::integer AS pupil_count
FROM marts.pupil_result
LEFT JOIN marts.organisation ON organisation.organisation_key = pupil_result.organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
GROUP BY pupil_result.period, pupil_result.period_kind, municipality.name, pupil_result.grade, pupil_result.period_result
