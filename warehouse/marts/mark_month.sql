-- One row per organisation, subject and month: current marks, their sum, and debts. Averages of any group of rows are sum by count.
-- built
SELECT
    mark.organisation_key,
    mark.subject,
    EXTRACT(YEAR FROM mark.lesson_date - INTERVAL '8 months')::integer AS school_year,
    date_trunc('month', mark.lesson_date)::date AS month_start,
    count(mark.mark_value)::integer AS mark_count,
    COALESCE(sum(mark.mark_value), 0)::integer AS mark_sum,
    count(*) FILTER (WHERE mark.is_debt)::integer AS debt_count
FROM marts.mark
GROUP BY mark.organisation_key, mark.subject, school_year, month_start
