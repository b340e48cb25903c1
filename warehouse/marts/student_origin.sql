-- One row per student and programme of a university ever entered: the year, the municipality the student came from and how it is known.
-- `school_absence` says why no school is known; the first year of which schools tell graduates is `told_from`.
WITH told AS (
    SELECT min(EXTRACT(YEAR FROM enrolment_told.valid_to))::integer AS told_from
    FROM marts.enrolment_told
    WHERE enrolment_told.exit_reason = 'graduated' AND enrolment_told.grade >= 11
)

SELECT
    student_stay.pupil_id,
    student_stay.source,
    student_stay.record_id,
    student_stay.organisation_key,
    student_stay.organisation_name,
    student_stay.programme_code,
    student_stay.programme_field,
    student_stay.entry_year,
    student_stay.school_key,
    student_stay.origin_municipality,
    student_stay.origin_kind,
    told.told_from,
    CASE
        WHEN student_stay.school_key IS NOT NULL THEN 'known'
        WHEN told.told_from IS NULL OR student_stay.entry_year < told.told_from THEN 'before_register'
        ELSE 'not_told'
    END AS school_absence
FROM told
CROSS JOIN marts.student_stay
WHERE student_stay.stay_number = 1
