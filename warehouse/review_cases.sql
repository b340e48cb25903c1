-- One row per pair of records a person may be asked about now: pairs linking doubts, decisions that do not hold, sampled pairs, and opinions on
-- sampled pairs that contradict the machine. A decision taken since the question arose closes it. Sealed records are never asked about.
WITH latest AS (
    SELECT DISTINCT ON (record_id, other_record_id) record_id, other_record_id, decision_id, verdict, created_version, decided_at
    FROM identity.decision
    ORDER BY record_id, other_record_id, decision_id DESC
), belongs AS (
    SELECT record_id, pupil_id FROM identity.link WHERE version_to = :open
), doubted AS (
    SELECT review.review_id, review.record_id AS asking, coalesce(review.candidate_record_id, first_of.record_id) AS asked, review.weight, review.version_from,
           ARRAY(SELECT jsonb_array_elements_text(review.reasons)) AS reasons
    FROM identity.review
    LEFT JOIN LATERAL (
        SELECT min(record_id) AS record_id FROM belongs WHERE belongs.pupil_id = review.candidate_pupil_id AND review.candidate_record_id IS NULL
    ) AS first_of ON TRUE
    WHERE review.version_to = :open
), obeyed AS (
    SELECT latest.*, (x.pupil_id = y.pupil_id) = (latest.verdict = 'same') AS is_obeyed,
           EXISTS (SELECT FROM quality.version WHERE kind = 'link'
                   AND (version > latest.created_version OR base_version > latest.created_version)) AS is_linked_since,
           EXISTS (SELECT FROM identity.person_record AS changed WHERE changed.version_to = :open AND changed.version_from > latest.created_version
                   AND changed.record_id IN (latest.record_id, latest.other_record_id)) AS is_changed_since
    FROM latest
    JOIN belongs AS x ON x.record_id = latest.record_id
    JOIN belongs AS y ON y.record_id = latest.other_record_id
), sampled AS (
    SELECT record_id, other_record_id, version FROM identity.sample WHERE version = (SELECT max(version) FROM identity.sample)
), measured AS (
    SELECT DISTINCT ON (record_id, other_record_id) record_id, other_record_id, opinion, decided_at
    FROM identity.opinion
    WHERE starts_with(batch, 'sample') AND opinion <> 'unsure'
    ORDER BY record_id, other_record_id, opinion_id DESC
), current AS (
    SELECT max(version) AS version FROM quality.version
), asked AS (
    SELECT sampled.record_id, sampled.other_record_id, 'sample' AS kind, 1 AS place, sampled.version, CAST(NULL AS bigint) AS review_id,
           CAST(NULL AS numeric) AS weight, ARRAY['sample'] AS reasons
    FROM sampled
    WHERE NOT EXISTS (SELECT FROM identity.opinion AS given
        WHERE given.record_id = sampled.record_id AND given.other_record_id = sampled.other_record_id
          AND (given.batch = concat('sample-', sampled.version) OR starts_with(given.batch, concat('sample-', sampled.version, '-'))))
    UNION ALL
    SELECT record_id, other_record_id, 'raised', 2, current.version, NULL, NULL,
           ARRAY[CASE WHEN is_obeyed THEN 'decision.data_changed' ELSE 'decision.not_obeyed' END]
    FROM obeyed, current
    WHERE (is_linked_since AND NOT is_obeyed) OR (is_obeyed AND is_changed_since)
    UNION ALL
    SELECT measured.record_id, measured.other_record_id, 'raised', 3, current.version, NULL, NULL, ARRAY['sample.contradicts']
    FROM measured
    CROSS JOIN current
    JOIN belongs AS x ON x.record_id = measured.record_id
    JOIN belongs AS y ON y.record_id = measured.other_record_id
    LEFT JOIN latest ON latest.record_id = measured.record_id AND latest.other_record_id = measured.other_record_id
    WHERE (x.pupil_id = y.pupil_id) <> (measured.opinion = 'same') AND (latest.decided_at IS NULL OR latest.decided_at < measured.decided_at)
    UNION ALL
    SELECT least(asking, asked), greatest(asking, asked), 'review', 4, doubted.version_from, review_id, weight, reasons
    FROM doubted
    LEFT JOIN latest ON latest.record_id = least(asking, asked) AND latest.other_record_id = greatest(asking, asked)
    WHERE asked IS NOT NULL AND asking <> asked AND (latest.decision_id IS NULL OR latest.created_version < doubted.version_from)
)
SELECT DISTINCT ON (asked.record_id, asked.other_record_id)
       asked.record_id, asked.other_record_id, asked.kind, asked.version, asked.review_id, asked.weight, asked.reasons, latest.decision_id
FROM asked
LEFT JOIN latest ON latest.record_id = asked.record_id AND latest.other_record_id = asked.other_record_id
WHERE NOT EXISTS (SELECT FROM identity.seal WHERE seal.record_id IN (asked.record_id, asked.other_record_id) AND seal.lifted_version IS NULL)
ORDER BY asked.record_id, asked.other_record_id, asked.place, asked.weight DESC NULLS LAST, asked.review_id
