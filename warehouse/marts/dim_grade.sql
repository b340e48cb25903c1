-- One row per grade: 1 to 12, and 0 for groups of kindergartens, with the level of education it belongs to.
SELECT
    series.grade,
    CASE series.grade WHEN 0 THEN 'Дошкольная группа' ELSE format('%s класс', series.grade) END AS name,
    dim_programme.programme,
    dim_programme.name AS programme_name
FROM generate_series(0, 12) AS series (grade)
LEFT JOIN marts.dim_programme ON series.grade BETWEEN dim_programme.grade_from AND dim_programme.grade_to
