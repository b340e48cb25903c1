-- One row per two identities met in one component (relation `component`): the pairs whose contradiction forbids it.
WITH member AS (
    SELECT component.root, min(component.n) AS n FROM component JOIN person ON person.n = component.n GROUP BY component.root, person.identity
)
SELECT x.n AS a, y.n AS b
FROM member AS x
JOIN member AS y ON y.root = x.root AND x.n < y.n
