-- One row per state of an organisation: from one business day up to the next change (not included); `is_current` is the state the report date knows.
WITH dated AS (
    SELECT
        version.version,
        max(version.as_of) OVER (ORDER BY version.version) AS as_of
    FROM quality.version
),

state AS (
    SELECT
        organisation.*,
        row_number() OVER (PARTITION BY organisation.organisation_key ORDER BY organisation.version_from) AS number,
        began.as_of AS from_day,
        ended.as_of AS to_day
    FROM core.organisation
    INNER JOIN dated AS began ON began.version = organisation.version_from
    LEFT JOIN dated AS ended ON ended.version = organisation.version_to AND organisation.version_to <= core.visible_version()
    WHERE organisation.version_from <= (SELECT core.visible_version())
)

SELECT
    state.organisation_key,
    state.organisation_name,
    state.organisation_kind,
    state.inn,
    state.oktmo,
    state.settlement,
    state.is_rural,
    state.journal_product,
    state.place_count,
    state.shift_count,
    CASE state.number WHEN 1 THEN DATE '1990-01-01' ELSE state.from_day END AS valid_from,
    state.to_day AS valid_to,
    state.to_day IS NULL AS is_current
FROM state
WHERE state.to_day IS NULL OR state.to_day > CASE state.number WHEN 1 THEN DATE '1990-01-01' ELSE state.from_day END
