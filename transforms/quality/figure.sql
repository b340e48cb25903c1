-- One row per group of records: counts from which every share follows. A pair is of a group if one of its two records is.
-- Of n records of which k are in the group, n(n-1)/2 - (n-k)(n-k-1)/2 pairs are of the group.
WITH chosen AS (
    SELECT member.*, grouped.subgroup, cell.shared, cell.pupil_records, cell.person_records, cell.is_owner
    FROM member
    JOIN grouped USING (record_id)
    JOIN cell USING (pupil_id, person_id)
), records AS (
    SELECT subgroup, count(*) AS records, count(DISTINCT person_id) AS persons, count(DISTINCT pupil_id) AS pupils,
           avg(shared / pupil_records) AS b3_precision, avg(shared / person_records) AS b3_recall,
           count(*) FILTER (is_automatic) AS automatic_links, count(*) FILTER (is_automatic AND NOT is_owner) AS false_links,
           count(*) FILTER (is_automatic AND has_doubtful_number) AS doubtful_number_links,
           count(*) FILTER (is_automatic AND has_doubtful_number AND NOT is_owner) AS false_doubtful_number_links,
           count(*) FILTER (is_in_review) AS records_in_review
    FROM chosen GROUP BY subgroup
), pairs AS (
    SELECT subgroup, side, sum(n * (n - 1) // 2 - (n - k) * (n - k - 1) // 2) AS pairs
    FROM (SELECT subgroup, 'right' AS side, any_value(shared) AS n, count(*) AS k FROM chosen GROUP BY subgroup, pupil_id, person_id
          UNION ALL SELECT subgroup, 'linked', any_value(pupil_records), count(*) FROM chosen GROUP BY subgroup, pupil_id
          UNION ALL SELECT subgroup, 'true', any_value(person_records), count(*) FROM chosen GROUP BY subgroup, person_id)
    GROUP BY subgroup, side
)
SELECT records.*, coalesce(of_right.pairs, 0) AS right_pairs, coalesce(linked.pairs, 0) AS linked_pairs, coalesce(true_pairs.pairs, 0) AS true_pairs
FROM records
LEFT JOIN pairs AS of_right ON of_right.subgroup = records.subgroup AND of_right.side = 'right'
LEFT JOIN pairs AS linked ON linked.subgroup = records.subgroup AND linked.side = 'linked'
LEFT JOIN pairs AS true_pairs ON true_pairs.subgroup = records.subgroup AND true_pairs.side = 'true'
