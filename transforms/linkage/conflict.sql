-- One row per two records that one component (relation `component`: n, root) may not hold together.
WITH hard AS (
    SELECT member.root, comparison.* FROM member_comparison AS comparison JOIN component AS member ON member.n = comparison.a
), excused AS (
    SELECT DISTINCT hard.a, hard.b
    FROM hard
    JOIN component AS change ON change.root = hard.root
    JOIN person ON person.n = change.n AND person.has_previous
    JOIN member_comparison AS x ON x.a = least(hard.a, change.n) AND x.b = greatest(hard.a, change.n) AND x.level = 0
    JOIN member_comparison AS y ON y.a = least(hard.b, change.n) AND y.b = greatest(hard.b, change.n) AND y.level = 0
    WHERE hard.level = 2 AND hard.birth <> 'differs' AND NOT hard.sex_contradicts
), contradicting AS (
    SELECT hard.root, p.identity AS identity_a, q.identity AS identity_b
    FROM hard
    JOIN person AS p ON p.n = hard.a
    JOIN person AS q ON q.n = hard.b
    LEFT JOIN excused ON excused.a = hard.a AND excused.b = hard.b
    WHERE hard.level = 2 AND excused.a IS NULL
), slot AS (
    SELECT component.root, component.n, person.source, person.slot
    FROM component
    JOIN person ON person.n = component.n
    WHERE person.slot IS NOT NULL
)
SELECT x.n AS a, y.n AS b, 'contradiction' AS reason
FROM contradicting
JOIN component AS x ON x.root = contradicting.root
JOIN person AS p ON p.n = x.n AND p.identity = contradicting.identity_a
JOIN component AS y ON y.root = contradicting.root
JOIN person AS q ON q.n = y.n AND q.identity = contradicting.identity_b
UNION
SELECT x.n, y.n, 'one_record_source'
FROM slot AS x
JOIN slot AS y ON y.root = x.root AND y.source = x.source AND y.slot <> x.slot AND x.n < y.n
UNION
SELECT least(x.n, y.n), greatest(x.n, y.n), 'decision'
FROM decision
JOIN person AS p ON p.record_id = decision.record_id_a
JOIN person AS q ON q.record_id = decision.record_id_b
JOIN component AS x ON x.n = p.n
JOIN component AS y ON y.n = q.n AND y.root = x.root
WHERE decision.verdict = 'different'
