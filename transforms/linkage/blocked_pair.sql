-- One row per two spoken rows of different clusters worth scoring. Clusters with acts, or with numbers, of their own are two children
-- unless full name and birth date are the same and only the numbers differ.
WITH kept AS (
    SELECT block.*, profile.has_snils, profile.has_act, NOT (profile.has_act AND profile.has_snils) AS is_open
    FROM block
    JOIN cluster_profile AS profile ON profile.root = block.root
), sharing AS (
    SELECT key
    FROM kept
    GROUP BY key
    HAVING min(root) <> max(root) AND bool_or(is_open) AND count(*) <= (SELECT block_at_most FROM setting)
), member AS (
    SELECT kept.* FROM kept JOIN sharing ON sharing.key = kept.key
)
SELECT DISTINCT '0' AS match_key, x.id AS join_key_l, y.id AS join_key_r
FROM member AS x
JOIN member AS y ON y.key = x.key AND x.id < y.id AND x.root <> y.root
WHERE NOT (x.has_act AND y.has_act) AND NOT (x.has_snils AND y.has_snils)
UNION
SELECT '0', x.id, y.id
FROM member AS x
JOIN member AS y ON y.key = x.key AND x.id < y.id AND x.root <> y.root
JOIN spoken AS p ON p.id = x.id
JOIN spoken AS q ON q.id = y.id
WHERE NOT (x.has_act AND y.has_act) AND x.has_snils AND y.has_snils
  AND p.family = q.family AND p.given = q.given AND p.birth = q.birth AND coalesce(p.patronymic = q.patronymic, TRUE)
