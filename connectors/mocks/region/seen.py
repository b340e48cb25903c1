"""What each department knows of the region, errors included: the tables between the region and the mock servers.

One DuckDB file holds them (schema `seen`). `day` is the day the department learned the row (0 = before the first load,
n = n-th school day after it); the state on day n is, for each key, the last row with `day <= n`. Rows of days not yet lived may
stand here already (a late account, a result of the winter session): ask with `day <= n` always. `wire_key` is the key that is
visible on the wire; the truth (which wire keys are one person) is in `truth.parquet`, for tests only.
"""

DDL = """
CREATE SCHEMA IF NOT EXISTS seen;
-- The ministry's register of organisations. `login`/`password` open the journal's API. `layout` names the file layout of a file school.
CREATE TABLE seen.organisation (day INTEGER, organisation_key VARCHAR /* ОГРН, 13 digits */, inn VARCHAR, name VARCHAR, kind VARCHAR /* school kindergarten university */,
  oktmo VARCHAR /* 8 digits */, municipality VARCHAR, settlement VARCHAR, is_rural BOOLEAN, product VARCHAR /* netschool eljur bars file scos none */, layout VARCHAR,
  local_id VARCHAR /* the journal's own id of the school */, place_count INTEGER, shift_count INTEGER, login VARCHAR, password VARCHAR);
-- Acts of civil status. One row a version of an act. A change act (name_change, paternity) has the names before in family_name.. and after in after_*.
-- NULL = the act itself says the value is absent (Пр<Name>=1). birth_date_partial ('2012' or '2012-05') replaces birth_date when ЗАГС holds it so.
CREATE TABLE seen.zags_act (day INTEGER, act_kind VARCHAR /* birth name_change paternity death */, wire_key VARCHAR /* НомерЗаписЕГР, 21 */, version INTEGER, version_date DATE,
  status_code VARCHAR /* КодСостСтат: ..01 primary, ..03 annulled, ..07 changed; 4 chars */, act_date DATE, authority_code VARCHAR /* 8 */, authority_name VARCHAR,
  certificate_series VARCHAR, certificate_number VARCHAR, certificate_date DATE, repeat_series VARCHAR, repeat_number VARCHAR, repeat_date DATE,
  family_name VARCHAR, given_name VARCHAR, patronymic VARCHAR, after_family_name VARCHAR, after_given_name VARCHAR, after_patronymic VARCHAR,
  sex VARCHAR /* M F or NULL */, birth_date DATE, birth_date_partial VARCHAR, is_alive BOOLEAN, birth_oktmo VARCHAR, birth_district VARCHAR, birth_settlement VARCHAR,
  snils VARCHAR /* 11 digits or NULL */, birth_count INTEGER, birth_order INTEGER,
  mother_family_name VARCHAR, mother_given_name VARCHAR, mother_patronymic VARCHAR, mother_birth_date DATE, mother_snils VARCHAR, mother_citizenship VARCHAR /* ОКСМ */, mother_address VARCHAR,
  father_family_name VARCHAR, father_given_name VARCHAR, father_patronymic VARCHAR, father_birth_date DATE, father_citizenship VARCHAR,
  base_act_number VARCHAR, base_act_date DATE, base_authority_code VARCHAR, base_authority_name VARCHAR /* the birth act a change or death refers to; may be NULL */, death_date DATE);
-- Accounts of the pension fund. superseded_by = the surviving account after a merge.
CREATE TABLE seen.pfr_account (day INTEGER, wire_key VARCHAR /* = snils, 11 digits */, snils VARCHAR, superseded_by VARCHAR, family_name VARCHAR, given_name VARCHAR, patronymic VARCHAR,
  sex VARCHAR, birth_date DATE, document_type VARCHAR /* BirthCertificate PassportRF ForeignPassport */, document_series VARCHAR, document_number VARCHAR, document_date DATE, document_issuer VARCHAR);
-- Registrations of the interior ministry; document = what a question must name to find it.
CREATE TABLE seen.fms_registration (day INTEGER, wire_key VARCHAR, kind VARCHAR /* living staying */, family_name VARCHAR, given_name VARCHAR, patronymic VARCHAR, birth_date DATE,
  document_type VARCHAR /* birthCertificate russianPassport foreignPassport */, document_series VARCHAR, document_number VARCHAR, document_date DATE,
  region VARCHAR, region_oktmo VARCHAR, district VARCHAR, settlement VARCHAR, street VARCHAR, house VARCHAR, building VARCHAR, flat VARCHAR, unstructured_address VARCHAR,
  date_from DATE, date_to DATE);
-- Pupils as their school's journal (or file) has them. All values as typed by the school. removed_day: no longer listed from that day on.
CREATE TABLE seen.journal_pupil (day INTEGER, removed_day INTEGER, organisation_key VARCHAR, wire_key VARCHAR /* local id, unique in the organisation */,
  family_name VARCHAR, given_name VARCHAR, patronymic VARCHAR, birth_date DATE, sex VARCHAR, snils VARCHAR /* as typed */, certificate VARCHAR /* as typed */, citizenship VARCHAR /* as typed, e.g. РФ, Монголия */,
  grade INTEGER /* NULL in a kindergarten */, letter VARCHAR, group_name VARCHAR /* kindergarten group */, shift INTEGER, study_form VARCHAR /* очная, семейная … */, entry_date DATE, exit_date DATE, exit_reason VARCHAR, phone VARCHAR);
-- Subjects each class takes, with the name the school uses for it.
CREATE TABLE seen.class_subject (organisation_key VARCHAR, grade INTEGER, letter VARCHAR, subject VARCHAR /* code */, subject_name VARCHAR /* as this school writes it */, lessons_per_week INTEGER);
-- Universities.
CREATE TABLE seen.student (day INTEGER, organisation_key VARCHAR, external_id VARCHAR, wire_key VARCHAR /* СЦОС uuid */, surname VARCHAR, name VARCHAR, middle_name VARCHAR, date_of_birth DATE, snils VARCHAR,
  study_year INTEGER, plan_id VARCHAR, second_plan_id VARCHAR);
CREATE TABLE seen.study_plan (organisation_key VARCHAR, plan_id VARCHAR, external_id VARCHAR, title VARCHAR, direction VARCHAR, code_direction VARCHAR, start_year INTEGER, end_year INTEGER, education_form VARCHAR);
CREATE TABLE seen.discipline (organisation_key VARCHAR, discipline_id VARCHAR, external_id VARCHAR, title VARCHAR);
CREATE TABLE seen.plan_discipline (organisation_key VARCHAR, plan_id VARCHAR, discipline_id VARCHAR, semester INTEGER);
CREATE TABLE seen.contingent_flow (day INTEGER, organisation_key VARCHAR, external_id VARCHAR, wire_key VARCHAR, student_id VARCHAR, flow_type VARCHAR, date DATE, faculty VARCHAR, education_form VARCHAR, form_fin VARCHAR, details VARCHAR, order_number VARCHAR);
CREATE TABLE seen.student_mark (day INTEGER, organisation_key VARCHAR, external_id VARCHAR, wire_key VARCHAR, student_id VARCHAR, plan_id VARCHAR, discipline_id VARCHAR, semester INTEGER, mark_type VARCHAR, mark_value INTEGER);
-- How this region was made and how far its days have gone: one row of JSON (seed, children, home, day).
CREATE TABLE seen.region (settings VARCHAR);
"""  # noqa: E501
"""Marks and attendance of pupils are too many to store: `region.progress` makes them class by class, always the same."""
