-- One row per final mark that counts: period finished by the report date; of one pupil's marks from several records in one subject, those of the latest enrolment.
WITH moment AS MATERIALIZED (
    SELECT core.report_date() AS report_date
),

-- The last day of a period is that of the calendar of its year; for years and periods without one, the usual day of the kind.
kind AS (
    SELECT
        code.code,
        code.name,
        (code.attributes ->> 'place')::integer AS period_place,
        (code.attributes ->> 'end_year')::integer AS end_year,
        (code.attributes ->> 'end_month')::integer AS end_month,
        (code.attributes ->> 'end_day')::integer AS end_day
    FROM codes.code
    WHERE code.code_list = 'period_kinds'
),

-- Pupils whose marks come from several records are few: theirs are looked up by record, everybody's are read once below.
rival AS (
    SELECT
        final_mark.pupil_id,
        final_mark.period,
        COALESCE(final_mark.subject, final_mark.subject_raw) AS subject_key,
        min(class_member.place) AS place
    FROM marts.class_member
    INNER JOIN marts.final_mark ON final_mark.record_id = class_member.record_id AND final_mark.organisation_key = class_member.organisation_key
    WHERE class_member.record_count > 1
    GROUP BY final_mark.pupil_id, final_mark.period, COALESCE(final_mark.subject, final_mark.subject_raw)
)

SELECT
    final_mark.pupil_id,
    final_mark.record_id,
    final_mark.source,
    final_mark.period,
    kind.period_place,
    concat(kind.name, ' ', LEFT(final_mark.period, 4), '/', RIGHT((LEFT(final_mark.period, 4)::integer + 1)::text, 2)) AS period_title,
    last_date.period_end,
    LEFT(final_mark.period, 4)::integer AS school_year,
    final_mark.organisation_key,
    class_member.place,
    school_class.grade,
    class_member.class_letter,
    NULLIF(concat(school_class.grade, class_member.class_letter), '') AS class_name,
    final_mark.subject,
    COALESCE(subject.name, final_mark.subject_raw) AS subject_title,
    final_mark.mark_value,
    CASE
        WHEN final_mark.mark_value = 5 THEN 'five'
        WHEN final_mark.mark_value = 4 THEN 'four'
        WHEN final_mark.mark_value = 3 THEN 'three'
        WHEN final_mark.mark_value <= 2 THEN 'two'
        WHEN lower(final_mark.mark_text) ~ '^(н\s*[/.]?\s*а\.?|не\s*атт.*)$' THEN 'not_attested'
        WHEN lower(final_mark.mark_text) ~ '^зач' THEN 'credit'
        ELSE 'other'
    END AS outcome
FROM moment
CROSS JOIN marts.final_mark
INNER JOIN kind ON kind.code = SUBSTRING(final_mark.period FROM 6)
LEFT JOIN core.period ON period.code = final_mark.period
CROSS JOIN LATERAL (
    SELECT COALESCE(
        (period.attributes ->> 'last_day')::date,
        make_date(LEFT(final_mark.period, 4)::integer + kind.end_year, kind.end_month, kind.end_day)
    ) AS period_end
) AS last_date
LEFT JOIN marts.class_member ON class_member.record_id = final_mark.record_id AND class_member.organisation_key = final_mark.organisation_key
-- A record says the class of today, or of the day it ended: the class of a mark given in an earlier year was as many years lower.
CROSS JOIN LATERAL (
    SELECT class_member.grade - GREATEST(class_member.last_school_year - LEFT(final_mark.period, 4)::integer, 0) AS grade
) AS school_class
LEFT JOIN marts.subject ON subject.code = final_mark.subject
LEFT JOIN rival
    ON rival.pupil_id = final_mark.pupil_id AND rival.period = final_mark.period
    AND rival.subject_key = COALESCE(final_mark.subject, final_mark.subject_raw)
WHERE last_date.period_end <= moment.report_date AND (rival.place IS NULL OR rival.place = class_member.place)
