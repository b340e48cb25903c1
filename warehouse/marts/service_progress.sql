-- One row per child with a consent for `journal` in force on the report date, organisation and subject: marks, misses and the last final mark of this school year.
WITH moment AS MATERIALIZED (
    SELECT
        core.report_date() AS report_date,
        make_date(EXTRACT(YEAR FROM core.report_date() - INTERVAL '8 months')::integer, 9, 1) AS year_from
),

told AS (
    SELECT
        mark.pupil_id,
        mark.organisation_key,
        COALESCE(subject.name, mark.subject_raw) AS subject_title,
        mark.mark_value,
        mark.lesson_date AS last_mark_date,
        mark.is_debt,
        NULL AS absence_reason,
        NULL AS period,
        NULL AS mark_text
    FROM marts.mark
    CROSS JOIN moment
    LEFT JOIN marts.subject ON subject.code = mark.subject
    WHERE mark.lesson_date BETWEEN moment.year_from AND moment.report_date
    UNION ALL
    SELECT
        attendance.pupil_id,
        attendance.organisation_key,
        COALESCE(subject.name, attendance.subject_raw, 'предмет не указан'),
        NULL,
        NULL,
        NULL,
        attendance.absence_reason,
        NULL,
        NULL
    FROM marts.attendance
    CROSS JOIN moment
    LEFT JOIN marts.subject ON subject.code = attendance.subject
    WHERE attendance.lesson_date BETWEEN moment.year_from AND moment.report_date
    UNION ALL
    SELECT
        final_mark.pupil_id,
        final_mark.organisation_key,
        COALESCE(subject.name, final_mark.subject_raw),
        NULL,
        NULL,
        NULL,
        NULL,
        final_mark.period,
        final_mark.mark_text
    FROM marts.final_mark
    CROSS JOIN moment
    LEFT JOIN marts.subject ON subject.code = final_mark.subject
    WHERE left(final_mark.period, 4) = EXTRACT(YEAR FROM moment.year_from)::text
)

SELECT
    told.pupil_id,
    told.organisation_key,
    told.subject_title,
    count(told.mark_value)::integer AS mark_count,
    round(avg(told.mark_value), 2) AS average_mark,
    max(told.last_mark_date) FILTER (WHERE told.mark_value IS NOT NULL) AS last_mark_date,
    (count(*) FILTER (WHERE told.is_debt))::integer AS debt_count,
    (count(*) FILTER (WHERE told.absence_reason <> 'late'))::integer AS missed_count,
    (count(*) FILTER (WHERE told.absence_reason = 'late'))::integer AS late_count,
    max(told.period) AS period,
    (array_agg(told.mark_text ORDER BY told.period DESC) FILTER (WHERE told.period IS NOT NULL))[1] AS mark_text
FROM told
INNER JOIN marts.consent_now ON consent_now.pupil_id = told.pupil_id AND consent_now.consent_purpose = 'journal'
GROUP BY told.pupil_id, told.organisation_key, told.subject_title
