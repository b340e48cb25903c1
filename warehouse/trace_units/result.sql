-- One row per pupil and finished period: the worst that the final marks say.
SELECT
    pupil_result.pupil_id,
    pupil_result.organisation_key,
    pupil_result.grade,
    pupil_result.period,
    pupil_result.period_kind,
    pupil_result.period_result
FROM marts.pupil_result
ORDER BY pupil_result.period, pupil_result.pupil_id
