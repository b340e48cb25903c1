-- One row per pupil and finished period: final marks by kind, in the class of the pupil's latest enrolment that gave any. `is_latest` as in progress_subject.
-- built
WITH marked AS (
    SELECT
        final_counted.pupil_id,
        final_counted.period,
        final_counted.period_title,
        final_counted.period_end,
        final_counted.period_place,
        final_counted.school_year,
        min(final_counted.place) AS place,
        min(final_counted.organisation_key) AS organisation_key,
        count(*) FILTER (WHERE final_counted.outcome = 'five')::integer AS five_count,
        count(*) FILTER (WHERE final_counted.outcome = 'four')::integer AS four_count,
        count(*) FILTER (WHERE final_counted.outcome = 'three')::integer AS three_count,
        count(*) FILTER (WHERE final_counted.outcome = 'two')::integer AS two_count,
        count(*) FILTER (WHERE final_counted.outcome = 'not_attested')::integer AS not_attested_count,
        count(*) FILTER (WHERE final_counted.outcome = 'credit')::integer AS credit_count,
        count(*) FILTER (WHERE final_counted.outcome = 'other')::integer AS other_mark_count,
        count(*) FILTER (WHERE final_counted.outcome = 'two' AND final_counted.subject = 'russian')::integer AS russian_two_count,
        count(*) FILTER (WHERE final_counted.outcome = 'two' AND final_counted.subject IN ('mathematics', 'algebra', 'geometry'))::integer
            AS mathematics_two_count
    FROM marts.final_counted
    WHERE final_counted.pupil_id IS NOT NULL
    GROUP BY
        final_counted.pupil_id, final_counted.period, final_counted.period_title, final_counted.period_end, final_counted.period_place,
        final_counted.school_year
),

placed AS (
    SELECT
        marked.*,
        COALESCE(class_member.organisation_key, marked.organisation_key) AS counted_organisation_key,
        class_member.grade - GREATEST(class_member.last_school_year - marked.school_year, 0) AS grade,
        class_member.class_letter
    FROM marked
    LEFT JOIN marts.class_member ON class_member.pupil_id = marked.pupil_id AND class_member.place = marked.place
)

SELECT
    placed.pupil_id,
    placed.period,
    placed.period_title,
    placed.period_end,
    placed.school_year,
    municipality.name AS municipality,
    placed.counted_organisation_key AS organisation_key,
    organisation.organisation_name,
    placed.grade,
    placed.class_letter,
    NULLIF(concat(placed.grade, placed.class_letter), '') AS class_name,
    placed.five_count,
    placed.four_count,
    placed.three_count,
    placed.two_count,
    placed.not_attested_count,
    placed.credit_count,
    placed.other_mark_count,
    placed.russian_two_count,
    placed.mathematics_two_count,
    CASE
        WHEN placed.two_count > 0 THEN 'failing'
        WHEN placed.not_attested_count > 0 THEN 'not_attested'
        WHEN placed.three_count = 1 AND placed.five_count + placed.four_count > 0 THEN 'one_three'
        WHEN placed.three_count > 0 THEN 'with_threes'
        WHEN placed.four_count = 1 AND placed.five_count > 0 THEN 'one_four'
        WHEN placed.four_count > 0 THEN 'good'
        WHEN placed.five_count > 0 THEN 'excellent'
        ELSE 'unmarked'
    END AS standing,
    placed.school_year = max(placed.school_year) OVER ()
    AND placed.period = first_value(placed.period) OVER (
        PARTITION BY placed.counted_organisation_key, placed.grade, placed.class_letter
        ORDER BY placed.period_end DESC, placed.period_place DESC
    ) AS is_latest
FROM placed
LEFT JOIN marts.organisation ON organisation.organisation_key = placed.counted_organisation_key
LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
