-- One row per enrolment not counted on the last 20 September because a later one of the same pupil was: another school, or another class.
-- built
SELECT
    other.counting_date,
    other.pupil_id,
    CASE WHEN other.organisation_key = counted.organisation_key THEN 'two_classes' ELSE 'two_schools' END AS conflict,
    other.organisation_key,
    other.grade,
    other.class_letter,
    other.valid_from,
    other.source,
    counted.organisation_key AS counted_organisation_key,
    counted.grade AS counted_grade,
    counted.class_letter AS counted_class_letter,
    counted.valid_from AS counted_valid_from,
    counted.source AS counted_source
FROM marts.school_roll AS other
INNER JOIN marts.school_roll AS counted ON counted.pupil_id = other.pupil_id AND counted.place = 1
WHERE
    other.place > 1
    AND (other.organisation_key, other.grade, other.class_letter)
    IS DISTINCT FROM (counted.organisation_key, counted.grade, counted.class_letter)
