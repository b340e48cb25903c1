-- A region as large as wanted, drawn by arithmetic: nobody is in it. Version 1 on 24 October 2025; a quarter of the children go to kindergarten, the rest to school.
INSERT INTO quality.version (version, kind, as_of, base_version)
VALUES (1, 'link', DATE '2025-10-24', 1);

INSERT INTO quality.delivery (
    delivery_id, source, origin, media, sha256, size_bytes, received_at, as_of, state, received, loaded, unchanged, superseded, refused, withdrawn, version, attempts
)
SELECT
    md5(name)::uuid, name, name, 'tar', concat(md5(name), md5(name)), 1, TIMESTAMPTZ '2025-10-24 03:00+08', DATE '2025-10-24', 'loaded', :children, :children,
    0, 0, 0, 0, 1, 0
FROM unnest(ARRAY['journal_eljur', 'journal_netschool', 'zags_births', 'fms_residence', 'vuz_scos']) AS source (name);

INSERT INTO quality.delivery_entity (delivery_id, entity, received, loaded, created, updated, unchanged, superseded, refused, withdrawn)
SELECT delivery_id, 'person', received, loaded, loaded, 0, 0, 0, 0, 0
FROM quality.delivery;

INSERT INTO core.organisation (
    source, source_key, sequence, record_hash, position, delivery_id, organisation_key, organisation_name, organisation_kind, oktmo, is_rural, place_count,
    shift_count, version_from, version_to
)
SELECT
    'education_organisations', key, 0, md5(key), key, md5('zags_births')::uuid, key, concat(kind, ' № ', n), kind,
    (ARRAY(SELECT oktmo FROM core.municipality ORDER BY oktmo))[1 + n % 23], n % 2 = 0, 150 + n % 700, 1 + n % 2, 1, 9223372036854775807
FROM (
    SELECT n, (1020300000000 + n)::text AS key, CASE WHEN n < :schools THEN 'school' WHEN n < 2 * :schools THEN 'kindergarten' ELSE 'university' END AS kind
    FROM generate_series(0, 2 * :schools + 3) AS organisation (n)
) AS drawn;

INSERT INTO identity.source_record (record_id, source, source_key) OVERRIDING SYSTEM VALUE
SELECT n, CASE WHEN n % 2 = 0 THEN 'journal_eljur' ELSE 'journal_netschool' END, concat('record:', n)
FROM generate_series(1, :children) AS child (n);

INSERT INTO identity.pupil (pupil_id, created_version) OVERRIDING SYSTEM VALUE
SELECT n, 1
FROM generate_series(1, :children) AS child (n);

INSERT INTO identity.link (record_id, pupil_id, rule, link_status, version_from, version_to)
SELECT n, n, 'new', 'new', 1, 9223372036854775807
FROM generate_series(1, :children) AS child (n);

INSERT INTO core.pupil (
    pupil_id, family_name, given_name, patronymic, birth_date, sex, snils, citizenship, oktmo, is_rural, is_resident, death_date, version_from, version_to
)
SELECT
    n, 'ЦЫДЫПОВ', 'БАИР', 'ДОРЖИЕВИЧ', DATE '2025-10-20' - ((n::bigint * 7919) % 6570)::integer, CASE WHEN n % 2 = 0 THEN 'M' ELSE 'F' END,
    lpad(n::text, 11, '0'), '643', (ARRAY(SELECT oktmo FROM core.municipality ORDER BY oktmo))[1 + n % 23], n % 2 = 0, n % 97 > 0,
    CASE WHEN n % 5003 = 0 THEN DATE '2025-05-01' END, 1, 9223372036854775807
FROM generate_series(1, :children) AS child (n);

INSERT INTO identity.person_record (
    record_id, source, source_key, sequence, record_hash, position, delivery_id, family_name, given_name, patronymic, birth_date, sex, snils, record_status,
    version_from, version_to
)
SELECT
    pupil_id, CASE WHEN pupil_id % 2 = 0 THEN 'journal_eljur' ELSE 'journal_netschool' END, concat('record:', pupil_id), 0, md5(pupil_id::text),
    pupil_id::text, md5('journal_eljur')::uuid, family_name, given_name, patronymic, birth_date, sex, snils, 'active', 1, 9223372036854775807
FROM core.pupil;

INSERT INTO core.pupil_cell (pupil_id, field, record_id, source, rule, disagreement, sources, version_from, version_to)
SELECT n, field.name, n, 'journal_eljur', 'only', CASE WHEN n % 37 = 0 THEN 1 ELSE 0 END, 2, 1, 9223372036854775807
FROM generate_series(1, :children) AS child (n)
CROSS JOIN (VALUES ('family_name'), ('given_name'), ('patronymic'), ('birth_date'), ('sex'), ('snils'), ('citizenship'), ('oktmo')) AS field (name);

INSERT INTO core.residence (
    source, source_key, sequence, record_hash, position, delivery_id, record_id, residence_kind, oktmo, is_rural, is_outside_region, valid_from, version_from,
    version_to
)
SELECT
    'fms_residence', concat('residence:', pupil_id), 0, md5(pupil_id::text), pupil_id::text, md5('fms_residence')::uuid, pupil_id, 'living', oktmo, is_rural,
    FALSE, birth_date, 1, 9223372036854775807
FROM core.pupil
WHERE is_resident;

INSERT INTO core.enrolment (
    source, source_key, sequence, record_hash, position, delivery_id, record_id, organisation_key, programme, grade, class_letter, study_form, shift, valid_from,
    valid_to, exit_reason, version_from, version_to
)
SELECT
    CASE WHEN pupil_id % 2 = 0 THEN 'journal_eljur' ELSE 'journal_netschool' END, concat('enrolment:', pupil_id), 0, md5(pupil_id::text), pupil_id::text,
    md5('journal_eljur')::uuid, pupil_id, (1020300000000 + CASE WHEN grade < 1 THEN :schools + pupil_id % :schools ELSE pupil_id % :schools END)::text,
    CASE WHEN grade < 1 THEN 'preschool' WHEN grade < 5 THEN 'primary' WHEN grade < 10 THEN 'basic' ELSE 'secondary' END, greatest(grade, 0),
    (ARRAY['А', 'Б', 'В'])[1 + (pupil_id / :schools) % 2], CASE WHEN pupil_id % 211 = 0 THEN 'family' ELSE 'full_time' END, 1 + pupil_id / :schools % 2,
    CASE WHEN pupil_id % 31 = 0 THEN DATE '2025-09-25' ELSE DATE '2025-09-01' END, CASE WHEN pupil_id % 53 = 0 THEN DATE '2025-10-10' END,
    CASE WHEN pupil_id % 53 = 0 THEN 'transfer' END, 1, 9223372036854775807
FROM (
    SELECT pupil_id, (EXTRACT(YEAR FROM age(DATE '2025-09-01', birth_date))::integer - 6) AS grade
    FROM core.pupil
    WHERE birth_date < DATE '2023-09-01' AND pupil_id % 41 > 0
) AS learning
WHERE grade < 12;

INSERT INTO core.final_mark (
    source, source_key, sequence, record_hash, position, delivery_id, record_id, organisation_key, subject, subject_raw, period, mark_value, mark_text,
    version_from, version_to
)
SELECT
    enrolment.source, concat(enrolment.source_key, ':', subject.code), 0, md5(concat(enrolment.record_id, subject.code)), '1', enrolment.delivery_id,
    enrolment.record_id, enrolment.organisation_key, subject.code, subject.name, '2025-Q1', drawn.value, COALESCE(drawn.value::text, 'н/а'), 1,
    9223372036854775807
FROM core.enrolment
CROSS JOIN (
    SELECT code, name, row_number() OVER (ORDER BY code) AS n FROM core.subject
    WHERE code IN ('russian', 'mathematics', 'literature', 'english', 'history', 'geography', 'biology', 'physics', 'music', 'technology', 'informatics', 'art')
) AS subject
CROSS JOIN LATERAL (SELECT nullif(1 + (enrolment.record_id * 31 + subject.n * 17) % 43 % 5, 1)::bigint AS value) AS drawn
WHERE enrolment.grade > 1;

INSERT INTO core.attendance (
    source, source_key, sequence, record_hash, position, delivery_id, record_id, organisation_key, subject, subject_raw, lesson_date, absence_reason,
    version_from, version_to
)
SELECT
    enrolment.source, concat(enrolment.source_key, ':', missed.n), 0, md5(concat(enrolment.record_id, ' ', missed.n)), '1', enrolment.delivery_id,
    enrolment.record_id, enrolment.organisation_key, 'russian', 'Русский язык', DATE '2025-09-01' + 7 * ((enrolment.record_id + missed.n) % 8)::integer
    + (missed.n % 5)::integer, (ARRAY['ill', 'absent', 'valid', 'late'])[1 + (enrolment.record_id + missed.n) % 4], 1, 9223372036854775807
FROM core.enrolment
CROSS JOIN generate_series(0, 7) AS missed (n)
WHERE enrolment.grade > 0;

INSERT INTO core.mark (
    source, source_key, sequence, record_hash, position, delivery_id, record_id, organisation_key, subject, subject_raw, lesson_date, mark_value, mark_weight,
    is_debt, version_from, version_to
)
SELECT
    learning.source, concat(learning.source_key, ':', learning.n, ':', round.n), 0, md5(concat(learning.n, ' ', round.n)), '1', learning.delivery_id,
    learning.record_id, learning.organisation_key, (ARRAY['russian', 'mathematics', 'history', 'english'])[1 + round.n % 4], 'Предмет',
    DATE '2025-09-01' + 7 * (round.n % 7)::integer + (round.n % 5)::integer, 2 + (learning.n + round.n) % 4, 1, FALSE, 1, 9223372036854775807
FROM (
    SELECT enrolment.*, row_number() OVER (ORDER BY record_id) AS n, count(*) OVER () AS learners
    FROM core.enrolment
    WHERE enrolment.grade > 1
) AS learning
CROSS JOIN LATERAL generate_series(1, ceil(:marks / learning.learners::numeric)::integer) AS round (n)
WHERE (round.n - 1) * learning.learners + learning.n <= :marks;
