-- One row per enrolment that is not counted because a later one of the same pupil was.
SELECT
    school_roll.pupil_id,
    school_roll.record_id,
    school_roll.source,
    school_roll.organisation_key,
    school_roll.grade,
    school_roll.class_letter,
    school_roll.valid_from
FROM marts.school_roll
WHERE school_roll.place > 1
ORDER BY school_roll.pupil_id, school_roll.organisation_key
