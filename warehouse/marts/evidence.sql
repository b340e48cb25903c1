-- One row per pupil, kind of evidence and span of days: what a register says of the pupil that a benefit may rest on, and what speaks against it.
-- Windows instead of joins between these sets: the planner takes them for a few rows and would compare each with each.
WITH moment AS MATERIALIZED (
    SELECT
        day.report_date,
        make_date(day.school_year, 9, 1) AS year_from,
        make_date(day.school_year + 1, 9, 1) AS year_to
    FROM (
        SELECT
            core.report_date() AS report_date,
            EXTRACT(YEAR FROM core.report_date() - INTERVAL '8 months')::integer AS school_year
    ) AS day
),

linked AS NOT MATERIALIZED (
    SELECT
        link.record_id,
        link.pupil_id
    FROM identity.link
    WHERE
        link.version_from <= (SELECT core.visible_version()) AND link.version_to > (SELECT core.visible_version())
        AND NOT EXISTS (SELECT 1 FROM identity.hidden_record WHERE hidden_record.record_id = link.record_id)
),

stay AS (
    SELECT
        linked.pupil_id,
        enrolment.source,
        enrolment.organisation_key,
        enrolment.programme = 'preschool' AS is_kindergarten,
        enrolment.grade,
        enrolment.valid_from,
        enrolment.valid_to,
        delivery.as_of AS received_date,
        enrolment.valid_from <= moment.report_date AND (enrolment.valid_to IS NULL OR enrolment.valid_to > moment.report_date) AS is_now
    FROM core.enrolment
    CROSS JOIN moment
    INNER JOIN linked ON linked.record_id = enrolment.record_id
    LEFT JOIN quality.delivery ON delivery.delivery_id = enrolment.delivery_id
    WHERE
        enrolment.programme IN ('preschool', 'primary', 'basic', 'secondary')
        AND enrolment.version_from <= (SELECT core.visible_version()) AND enrolment.version_to > (SELECT core.visible_version())
        AND (enrolment.valid_to IS NULL OR enrolment.valid_to > enrolment.valid_from)
),

enrolled AS MATERIALIZED (
    SELECT
        stay.*,
        CASE
            WHEN min(stay.organisation_key) FILTER (WHERE stay.is_now) OVER child <> max(stay.organisation_key) FILTER (WHERE stay.is_now) OVER child
                THEN 'two_organisations'
        END AS contradiction
    FROM stay
    WINDOW child AS (PARTITION BY stay.pupil_id)
),

-- Children of known mothers with the last days of each minor among them, the next to grow up first.
family AS MATERIALIZED (
    SELECT
        member.pupil_id,
        member.child_number,
        member.birth_date,
        member.received_date,
        member.is_doubtful,
        member.has_two_mothers,
        member.family_id,
        array_agg(member.grown_at) FILTER (WHERE member.birth_date <= moment.report_date AND member.grown_at > moment.report_date) OVER (
            PARTITION BY member.family_id ORDER BY member.grown_at ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS last_days,
        greatest(
            max(member.birth_date) FILTER (WHERE member.birth_date <= moment.report_date) OVER siblings,
            max(member.grown_at) FILTER (WHERE member.grown_at <= moment.report_date) OVER siblings
        ) AS since
    FROM (
        SELECT
            family_child.*,
            least((family_child.birth_date + INTERVAL '18 years')::date, family_child.death_date) AS grown_at
        FROM marts.family_child
    ) AS member
    CROSS JOIN moment
    WINDOW siblings AS (PARTITION BY member.family_id)
),

entering AS (
    SELECT
        pupil.pupil_id,
        moment.entry_date
    FROM (
        SELECT CASE WHEN moment.report_date < moment.year_from THEN moment.year_from ELSE moment.year_to END AS entry_date FROM moment
    ) AS moment
    INNER JOIN marts.pupil
        ON pupil.birth_date <= moment.entry_date - INTERVAL '6 years 6 months' AND pupil.birth_date > moment.entry_date - INTERVAL '8 years'
    WHERE pupil.is_resident IS NOT FALSE
),

-- Who may enter school, and which brothers and sisters are in one: all that is said of one child, then of one family, side by side.
schooled AS (
    SELECT
        side.pupil_id,
        max(side.entry_date) AS entry_date,
        max(side.family_id) AS family_id,
        bool_or(side.is_doubtful) AS is_doubtful,
        max(side.received_date) AS received_date,
        max(side.organisation_key) AS organisation_key,
        max(side.source) AS source,
        min(side.valid_from) AS valid_from,
        CASE WHEN bool_and(side.valid_to IS NOT NULL) FILTER (WHERE side.organisation_key IS NOT NULL) THEN max(side.valid_to) END AS valid_to
    FROM (
        SELECT
            entering.pupil_id,
            entering.entry_date,
            NULL::bigint AS family_id,
            NULL::boolean AS is_doubtful,
            NULL::date AS received_date,
            NULL AS organisation_key,
            NULL AS source,
            NULL::date AS valid_from,
            NULL::date AS valid_to
        FROM entering
        UNION ALL
        SELECT
            family.pupil_id,
            NULL,
            family.family_id,
            family.is_doubtful,
            family.received_date,
            NULL,
            NULL,
            NULL,
            NULL
        FROM family
        UNION ALL
        SELECT
            enrolled.pupil_id,
            NULL,
            NULL,
            NULL,
            enrolled.received_date,
            enrolled.organisation_key,
            enrolled.source,
            enrolled.valid_from,
            enrolled.valid_to
        FROM enrolled
        WHERE enrolled.is_now AND NOT enrolled.is_kindergarten
    ) AS side
    GROUP BY side.pupil_id
),

household AS (
    SELECT
        schooled.*,
        max(schooled.organisation_key) OVER siblings AS sibling_organisation_key,
        max(schooled.source) OVER siblings AS sibling_source,
        max(schooled.received_date) OVER siblings AS sibling_received_date,
        min(schooled.valid_from) OVER siblings AS sibling_from,
        CASE WHEN bool_and(schooled.valid_to IS NOT NULL) FILTER (WHERE schooled.organisation_key IS NOT NULL) OVER siblings THEN max(schooled.valid_to) OVER siblings
        END AS sibling_to
    FROM schooled
    WINDOW siblings AS (PARTITION BY schooled.family_id)
),

entrant AS MATERIALIZED (
    SELECT
        household.*,
        household.family_id IS NOT NULL AND NOT household.is_doubtful AS is_family_known
    FROM household
    WHERE household.entry_date IS NOT NULL AND household.organisation_key IS NULL
),

-- What the golden record, the fund and the answers of the fund say of one number of one child.
numbered AS (
    SELECT
        said.pupil_id,
        bool_or(said.is_confirmed) AS is_confirmed,
        max(said.received_date) AS received_date
    FROM (
        SELECT
            pupil.pupil_id,
            pupil.snils,
            TRUE AS is_golden,
            NULL::boolean AS is_confirmed,
            NULL::date AS received_date
        FROM core.pupil
        WHERE
            pupil.version_from <= (SELECT core.visible_version()) AND pupil.version_to > (SELECT core.visible_version())
            AND NOT EXISTS (SELECT 1 FROM identity.hidden_pupil WHERE hidden_pupil.pupil_id = pupil.pupil_id)
        UNION ALL
        SELECT
            linked.pupil_id,
            person_record.snils,
            FALSE,
            TRUE,
            delivery.as_of
        FROM identity.person_record
        INNER JOIN linked ON linked.record_id = person_record.record_id
        LEFT JOIN quality.delivery ON delivery.delivery_id = person_record.delivery_id
        WHERE
            person_record.source = 'pfr_snils' AND person_record.record_status = 'active'
            AND person_record.version_from <= (SELECT core.visible_version()) AND person_record.version_to > (SELECT core.visible_version())
        UNION ALL
        SELECT
            linked.pupil_id,
            snils_validation.snils,
            FALSE,
            snils_validation.is_confirmed,
            delivery.as_of
        FROM core.snils_validation
        INNER JOIN identity.source_record
            ON source_record.source = snils_validation.asked_source AND source_record.source_key = snils_validation.asked_key
        INNER JOIN linked ON linked.record_id = source_record.record_id
        LEFT JOIN quality.delivery ON delivery.delivery_id = snils_validation.delivery_id
        WHERE snils_validation.version_from <= (SELECT core.visible_version()) AND snils_validation.version_to > (SELECT core.visible_version())
    ) AS said
    WHERE said.snils IS NOT NULL
    GROUP BY said.pupil_id, said.snils
    HAVING bool_or(said.is_golden) AND bool_or(said.is_confirmed) IS NOT NULL
),

registered AS (
    SELECT
        linked.pupil_id,
        residence.source,
        residence.residence_kind,
        residence.is_outside_region,
        residence.oktmo,
        residence.valid_from,
        residence.valid_to,
        delivery.as_of AS received_date,
        bool_or(residence.is_outside_region AND residence.residence_kind = 'living' AND (residence.valid_to IS NULL OR residence.valid_to > moment.report_date))
            OVER (PARTITION BY linked.pupil_id) AS is_elsewhere
    FROM core.residence
    CROSS JOIN moment
    INNER JOIN linked ON linked.record_id = residence.record_id
    LEFT JOIN quality.delivery ON delivery.delivery_id = residence.delivery_id
    WHERE
        residence.version_from <= (SELECT core.visible_version()) AND residence.version_to > (SELECT core.visible_version())
        AND (residence.valid_to IS NULL OR residence.valid_to > residence.valid_from)
),

national AS (
    SELECT
        told.*,
        min(told.citizenship) FILTER (WHERE told.is_register) OVER child <> max(told.citizenship) FILTER (WHERE told.is_register) OVER child AS is_two,
        min(told.citizenship) OVER child <> max(told.citizenship) OVER child AS is_other
    FROM (
        SELECT
            linked.pupil_id,
            citizenship.source,
            citizenship.citizenship,
            citizenship.valid_from,
            citizenship.valid_to,
            delivery.as_of AS received_date,
            TRUE AS is_register
        FROM core.citizenship
        INNER JOIN linked ON linked.record_id = citizenship.record_id
        LEFT JOIN quality.delivery ON delivery.delivery_id = citizenship.delivery_id
        WHERE citizenship.version_from <= (SELECT core.visible_version()) AND citizenship.version_to > (SELECT core.visible_version())
        UNION ALL
        SELECT
            linked.pupil_id,
            person_record.source,
            person_record.citizenship,
            NULL,
            NULL,
            NULL,
            FALSE
        FROM identity.person_record
        INNER JOIN linked ON linked.record_id = person_record.record_id
        WHERE
            person_record.citizenship IS NOT NULL AND person_record.record_status = 'active'
            AND person_record.version_from <= (SELECT core.visible_version()) AND person_record.version_to > (SELECT core.visible_version())
    ) AS told
    WINDOW child AS (PARTITION BY told.pupil_id)
)

SELECT
    enrolled.pupil_id,
    'grade' AS evidence,
    enrolled.grade::integer AS fact_number,
    NULL AS fact_code,
    enrolled.organisation_key,
    greatest(enrolled.valid_from, moment.year_from) AS valid_from,
    least(enrolled.valid_to, moment.year_to) AS valid_to,
    enrolled.source,
    enrolled.received_date,
    enrolled.contradiction
FROM enrolled
CROSS JOIN moment
WHERE NOT enrolled.is_kindergarten AND enrolled.valid_from < moment.year_to AND (enrolled.valid_to IS NULL OR enrolled.valid_to > moment.year_from)
UNION ALL
SELECT
    enrolled.pupil_id,
    CASE WHEN enrolled.is_kindergarten THEN 'kindergarten' ELSE 'school_municipality' END,
    NULL,
    organisation.oktmo,
    enrolled.organisation_key,
    enrolled.valid_from,
    enrolled.valid_to,
    enrolled.source,
    enrolled.received_date,
    enrolled.contradiction
FROM enrolled
LEFT JOIN marts.organisation ON organisation.organisation_key = enrolled.organisation_key
UNION ALL
SELECT
    linked.pupil_id,
    'birth_act',
    NULL,
    NULL,
    NULL,
    pupil.birth_date,
    NULL,
    person_record.source,
    max(delivery.as_of),
    NULL
FROM identity.person_record
INNER JOIN linked ON linked.record_id = person_record.record_id
INNER JOIN marts.pupil ON pupil.pupil_id = linked.pupil_id
LEFT JOIN quality.delivery ON delivery.delivery_id = person_record.delivery_id
WHERE
    person_record.source = 'zags_births' AND person_record.record_status = 'active' AND person_record.death_date IS NULL
    AND person_record.version_from <= (SELECT core.visible_version()) AND person_record.version_to > (SELECT core.visible_version())
GROUP BY linked.pupil_id, pupil.birth_date, person_record.source
-- An act that says another birth date, or another mother, is silence here and no contradiction: an adoption may be behind it (СК РФ, ст. 139).
HAVING NOT bool_or(person_record.birth_date <> pupil.birth_date)
UNION ALL
SELECT
    family.pupil_id,
    'birth_order',
    family.child_number,
    NULL,
    NULL,
    family.birth_date,
    NULL,
    'zags_births',
    family.received_date,
    NULL
FROM family
WHERE NOT family.is_doubtful
UNION ALL
SELECT
    family.pupil_id,
    'minor_children',
    (cardinality(family.last_days) - span.place + 1)::integer,
    NULL,
    NULL,
    CASE WHEN span.place = 1 THEN family.since ELSE family.last_days[span.place - 1] END,
    span.last_day,
    'zags_births',
    family.received_date,
    NULL
FROM family
CROSS JOIN LATERAL unnest(family.last_days) WITH ORDINALITY AS span (last_day, place)
WHERE NOT family.is_doubtful
UNION ALL
SELECT
    entrant.pupil_id,
    'school_entry',
    NULL,
    NULL,
    NULL,
    NULL,
    entrant.entry_date,
    pupil_cell.source,
    NULL,
    NULL
FROM entrant
LEFT JOIN marts.pupil_cell ON pupil_cell.pupil_id = entrant.pupil_id AND pupil_cell.field = 'birth_date'
UNION ALL
SELECT
    entrant.pupil_id,
    'sibling_school',
    CASE WHEN entrant.sibling_organisation_key IS NULL THEN 0 ELSE 1 END,
    NULL,
    entrant.sibling_organisation_key,
    COALESCE(entrant.sibling_from, moment.report_date),
    CASE WHEN entrant.sibling_organisation_key IS NULL THEN moment.report_date + 1 ELSE entrant.sibling_to END,
    COALESCE(entrant.sibling_source, 'zags_births'),
    entrant.sibling_received_date,
    NULL
FROM entrant
CROSS JOIN moment
WHERE entrant.is_family_known
UNION ALL
SELECT
    registered.pupil_id,
    'residence',
    CASE WHEN registered.is_outside_region THEN 0 ELSE 1 END,
    registered.oktmo,
    NULL,
    registered.valid_from,
    registered.valid_to,
    registered.source,
    registered.received_date,
    CASE WHEN registered.is_elsewhere AND NOT registered.is_outside_region AND registered.residence_kind = 'living' THEN 'two_residences' END
FROM registered
UNION ALL
SELECT
    national.pupil_id,
    'citizenship',
    NULL,
    national.citizenship,
    NULL,
    national.valid_from,
    national.valid_to,
    national.source,
    national.received_date,
    CASE WHEN national.is_two THEN 'two_citizenships' WHEN national.is_other THEN 'citizenship_of_parent' END
FROM national
WHERE national.is_register
UNION ALL
SELECT
    numbered.pupil_id,
    'snils',
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    'pfr_snils',
    numbered.received_date,
    CASE WHEN NOT numbered.is_confirmed THEN 'snils_unconfirmed' END
FROM numbered
