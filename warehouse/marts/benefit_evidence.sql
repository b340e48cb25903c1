-- One row per child, benefit asked about on the report date and thing to be shown for it: proved by a register, contradictory, expired, or a document is needed.
-- The rules are the code list `benefits`; a benefit that a register denies has no rows.
-- built
WITH moment AS MATERIALIZED (SELECT core.report_date() AS report_date),

rule AS MATERIALIZED (
    SELECT
        code.code AS benefit,
        code.attributes ->> 'standing' AS standing,
        daterange((code.attributes ->> 'valid_from')::date, (code.attributes ->> 'valid_to')::date) AS days,
        code.attributes -> 'conditions' AS conditions
    FROM codes.code
    CROSS JOIN moment
    WHERE
        code.code_list = 'benefits'
        AND daterange((code.attributes ->> 'valid_from')::date, (code.attributes ->> 'valid_to')::date) @> moment.report_date
),

condition AS MATERIALIZED (
    SELECT
        rule.benefit,
        rule.standing,
        rule.days,
        named.*,
        count(*) OVER (PARTITION BY rule.benefit, named.place) AS alternative_count,
        max(named.place) FILTER (WHERE named.is_scope) OVER (PARTITION BY rule.benefit) + 1 AS scope_count
    FROM rule
    CROSS JOIN LATERAL ROWS FROM (
        jsonb_to_recordset(rule.conditions) AS (
            place integer, evidence text, minimum integer, maximum integer, codes text [], is_scope boolean, otherwise text, silence text, has_paper boolean
        )
    ) WITH ORDINALITY AS named (place, evidence, minimum, maximum, codes, is_scope, otherwise, silence, has_paper, alternative)
),

stated AS MATERIALIZED (
    SELECT
        condition.benefit,
        condition.place,
        condition.alternative,
        condition.is_scope,
        condition.scope_count,
        evidence.pupil_id,
        evidence.fact_number,
        evidence.organisation_key,
        evidence.source,
        evidence.received_date,
        evidence.contradiction,
        daterange(evidence.valid_from, evidence.valid_to) * condition.days AS days,
        daterange(evidence.valid_from, evidence.valid_to) @> moment.report_date AS is_now,
        COALESCE(
            (condition.minimum IS NULL OR evidence.fact_number >= condition.minimum)
            AND (condition.maximum IS NULL OR evidence.fact_number <= condition.maximum)
            AND (condition.codes IS NULL OR evidence.fact_code = ANY(condition.codes)), FALSE
        ) AS is_fit
    FROM condition
    CROSS JOIN moment
    INNER JOIN marts.evidence ON evidence.evidence = condition.evidence
),

candidate AS (
    SELECT
        stated.benefit,
        stated.pupil_id
    FROM stated
    INNER JOIN marts.pupil ON pupil.pupil_id = stated.pupil_id
    CROSS JOIN moment
    WHERE stated.is_scope AND stated.is_now AND stated.is_fit AND (pupil.death_date IS NULL OR pupil.death_date > moment.report_date)
    GROUP BY stated.benefit, stated.pupil_id, stated.scope_count
    HAVING count(DISTINCT stated.place) = stated.scope_count
),

-- All that is stated, and a blank for each thing asked of each candidate: grouped, so that silence shows.
answered AS (
    SELECT
        side.benefit,
        side.pupil_id,
        side.alternative,
        range_agg(side.days) FILTER (WHERE side.is_fit) AS days,
        bool_or(side.is_now) AS is_known,
        bool_or(side.is_now AND side.is_fit) AS is_held,
        min(side.contradiction) FILTER (WHERE side.is_now) AS contradiction,
        min(side.fact_number) FILTER (WHERE side.is_now AND side.is_fit) AS fact_number,
        min(side.organisation_key) FILTER (WHERE side.is_now AND side.is_fit) AS organisation_key,
        COALESCE(min(side.source) FILTER (WHERE side.is_now AND side.is_fit), min(side.source)) AS source,
        COALESCE(max(side.received_date) FILTER (WHERE side.is_now AND side.is_fit), max(side.received_date)) AS received_date
    FROM (
        SELECT
            stated.benefit,
            stated.pupil_id,
            stated.alternative,
            stated.days,
            stated.is_now,
            stated.is_fit,
            stated.contradiction,
            stated.fact_number,
            stated.organisation_key,
            stated.source,
            stated.received_date,
            FALSE AS is_asked
        FROM stated
        UNION ALL
        SELECT
            candidate.benefit,
            candidate.pupil_id,
            condition.alternative,
            NULL,
            NULL,
            NULL,
            NULL,
            NULL,
            NULL,
            NULL,
            NULL,
            TRUE
        FROM candidate
        INNER JOIN condition ON condition.benefit = candidate.benefit
    ) AS side
    GROUP BY side.benefit, side.pupil_id, side.alternative
    HAVING bool_or(side.is_asked)
),

judged AS (
    SELECT
        answered.pupil_id,
        answered.benefit,
        condition.standing,
        condition.place,
        answered.alternative,
        condition.alternative_count,
        condition.evidence,
        condition.has_paper,
        CASE
            WHEN answered.contradiction IS NOT NULL THEN 'contradictory'
            WHEN answered.is_held THEN 'proved'
            WHEN answered.is_known THEN condition.otherwise
            WHEN upper(answered.days) <= moment.report_date THEN 'expired'
            ELSE condition.silence
        END AS evidence_status,
        answered.contradiction,
        answered.fact_number,
        answered.organisation_key,
        answered.source,
        answered.received_date,
        CASE
            WHEN upper(answered.days) <= moment.report_date THEN range_merge(answered.days)
            ELSE (SELECT span FROM unnest(answered.days) AS span WHERE span @> moment.report_date)
        END AS days
    FROM answered
    CROSS JOIN moment
    INNER JOIN condition ON condition.benefit = answered.benefit AND condition.alternative = answered.alternative
),

-- Of alternatives the one that serves best; where all need a paper, any of the papers will do.
chosen AS (
    SELECT DISTINCT ON (judged.pupil_id, judged.benefit, judged.place) judged.*
    FROM judged
    ORDER BY
        judged.pupil_id, judged.benefit, judged.place,
        array_position(ARRAY['proved', 'contradictory', 'expired', 'document', 'no'], judged.evidence_status), judged.alternative
),

granted AS (
    SELECT
        chosen.*,
        bool_or(chosen.evidence_status = 'no') OVER (PARTITION BY chosen.pupil_id, chosen.benefit) AS is_denied
    FROM chosen
)

SELECT
    granted.pupil_id,
    granted.benefit,
    granted.standing AS rule_standing,
    granted.place AS evidence_number,
    CASE WHEN granted.alternative_count > 1 AND granted.evidence_status = 'document' THEN 'one_of' ELSE granted.evidence END AS evidence,
    granted.evidence_status,
    granted.contradiction,
    granted.fact_number,
    granted.organisation_key,
    CASE WHEN granted.evidence_status <> 'document' THEN granted.source END AS source,
    CASE WHEN granted.evidence_status <> 'document' THEN granted.received_date END AS received_date,
    lower(granted.days) AS valid_from,
    upper(granted.days) AS valid_to,
    granted.has_paper AND granted.evidence_status = 'proved' AS is_paper_saved,
    COALESCE(granted.has_paper AND granted.evidence_status = 'proved' AND upper(granted.days) <= moment.report_date + 30, FALSE) AS is_expiring
FROM granted
CROSS JOIN moment
WHERE NOT granted.is_denied
