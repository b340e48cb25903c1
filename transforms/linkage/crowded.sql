-- One row per component (relation `component`) of more different records than one child can have: papers and numbers chained strangers together.
SELECT component.root
FROM component
JOIN person ON person.n = component.n
GROUP BY component.root
HAVING count(DISTINCT person.identity) > (SELECT component_at_most FROM setting)
