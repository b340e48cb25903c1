-- One row per pupil and golden field that has a value: the record and rule it comes from, and how many other sources disagree.
WITH spread AS (
    SELECT pupil_id, unnest(['family_name', 'given_name', 'patronymic']) AS field, record_id, source, rule, disagreement, sources
    FROM golden_winner WHERE field = 'name'
    UNION ALL
    SELECT pupil_id, unnest(['oktmo', 'is_rural', 'is_resident']), record_id, source, rule, disagreement, sources
    FROM golden_winner WHERE field = 'residence'
    UNION ALL
    SELECT pupil_id, field, record_id, source, rule, disagreement, sources
    FROM golden_winner WHERE field NOT IN ('name', 'residence')
)
SELECT spread.*
FROM spread
JOIN golden_pupil AS pupil ON pupil.pupil_id = spread.pupil_id
WHERE CASE spread.field
          WHEN 'family_name' THEN pupil.family_name IS NOT NULL
          WHEN 'given_name' THEN pupil.given_name IS NOT NULL
          WHEN 'patronymic' THEN pupil.patronymic IS NOT NULL
          WHEN 'oktmo' THEN pupil.oktmo IS NOT NULL
          WHEN 'is_rural' THEN pupil.is_rural IS NOT NULL
          ELSE TRUE
      END
ORDER BY spread.pupil_id, spread.field
