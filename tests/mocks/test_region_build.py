from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.mocks import region
from connectors.mocks.region import errors
from tests.mocks.region_made import DISTRICT, SEED, ask, district, fingerprint

KEYS = """
SELECT 'zags_' || CASE act_kind WHEN 'birth' THEN 'births' WHEN 'death' THEN 'deaths' WHEN 'name_change' THEN 'name_changes' ELSE act_kind END AS source,
       wire_key FROM seen.zags_act
UNION SELECT 'pfr_snils', wire_key FROM seen.pfr_account UNION SELECT 'fms_residence', wire_key FROM seen.fms_registration
UNION SELECT 'vuz_scos', organisation_key || ':' || wire_key FROM seen.student
UNION SELECT 'journal_' || product, organisation_key || ':' || wire_key FROM seen.journal_pupil JOIN seen.organisation USING (organisation_key)
"""


def test_same_seed_and_size_give_the_same_tables_whatever_the_process_hash_seed(tmp_path: Path) -> None:
    code = ("import sys; from pathlib import Path; from connectors.mocks import region\n"
            "region.build(Path(sys.argv[1]), seed=5, children=300, home='81624000'); region.advance(Path(sys.argv[1]), 1)")
    for name, seed in (("one", "1"), ("two", "2")):
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True, env=os.environ | {"PYTHONHASHSEED": seed}, cwd=Path(__file__).parents[2])
    assert fingerprint(tmp_path / "one") == fingerprint(tmp_path / "two")
    assert (tmp_path / "one" / "truth.parquet").read_bytes() == (tmp_path / "two" / "truth.parquet").read_bytes()


def test_another_seed_gives_another_region(tmp_path: Path) -> None:
    region.build(tmp_path / "a", seed=1, children=200, home=DISTRICT)
    region.build(tmp_path / "b", seed=2, children=200, home=DISTRICT)
    assert fingerprint(tmp_path / "a")["zags_act"] != fingerprint(tmp_path / "b")["zags_act"]


def test_chunks_never_share_keys_and_the_republic_has_all_municipalities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.mocks.region.assemble.CHUNK", 400)
    steps: list[tuple[str, int, int]] = []
    region.build(tmp_path, seed=3, children=1000, home=None, progress=lambda *step: steps.append(step))
    assert steps == [("region", 400, 1000), ("region", 800, 1000), ("region", 1000, 1000)]
    assert ask(tmp_path, "SELECT count(*) - count(DISTINCT (wire_key, version)) AS twice FROM seen.zags_act").twice[0] == 0
    assert ask(tmp_path, "SELECT count(DISTINCT oktmo) AS n FROM seen.organisation WHERE kind = 'school'").n[0] == 23
    assert ask(tmp_path, "SELECT count(*) AS n FROM seen.organisation WHERE kind = 'university'").n[0] == 4


@pytest.mark.parametrize("days", [0, 6])
def test_truth_covers_every_wire_key_exactly_once(days: int) -> None:
    folder = district(days=days)
    assert ask(folder, f"SELECT count(*) AS n FROM ({KEYS} EXCEPT SELECT source, wire_key FROM truth)").n[0] == 0
    assert ask(folder, f"SELECT count(*) AS n FROM (SELECT source, wire_key FROM truth EXCEPT ({KEYS}))").n[0] == 0
    assert ask(folder, "SELECT count(*) - count(DISTINCT (source, wire_key)) AS twice FROM truth").twice[0] == 0


@pytest.mark.parametrize("key", ["wire_key, version", "certificate_series, certificate_number, version"])
def test_acts_and_certificates_are_never_numbered_twice(key: str) -> None:
    found = ask(district(), f"SELECT count(*) - count(DISTINCT ({key})) AS twice FROM seen.zags_act WHERE act_kind = 'birth' AND certificate_number IS NOT NULL")
    assert found.twice[0] == 0


def test_acts_look_as_the_register_writes_them() -> None:
    acts = ask(district(), "SELECT * FROM seen.zags_act")
    assert acts.wire_key.str.fullmatch(r"\S{21}").all()
    assert acts.authority_code.str.fullmatch("[0-9A-Z]{8}").all()
    assert acts.certificate_series.dropna().str.fullmatch("[IVX]{1,3}-[А-Я]{2}").all()
    assert acts.certificate_number.dropna().str.fullmatch(r"\d{6}").all()
    assert set(acts.act_kind) == {"birth", "name_change", "paternity", "death"}
    assert {"0101", "0103", "0107"} == set(acts.status_code)
    assert acts.birth_date_partial.dropna().str.fullmatch(r"\d{4}(-\d{2})?").all()


def test_twins_namesakes_and_similar_twin_names_exist() -> None:
    folder = district()
    maternities = ask(folder, "SELECT sum(CASE WHEN birth_count > 1 THEN 1.0 / birth_count END) / sum(1.0 / birth_count) AS n FROM person WHERE kind = 'child'").n[0]
    assert 0.006 < maternities < 0.018
    same = "p.family_name = q.family_name AND p.given_name = q.given_name AND p.patronymic = q.patronymic AND p.person_id < q.person_id"
    pairs = ask(folder, f"SELECT p.birth_date = q.birth_date AS one_day, p.household = q.household AS one_family FROM person p JOIN person q ON {same}")
    assert len(pairs) >= 5
    assert pairs.one_day.any()
    assert not pairs.one_family.any()


def test_births_follow_the_years_and_buryat_names_are_there() -> None:
    years = ask(district(), "SELECT year(birth_date) AS y, count(*) AS n FROM person WHERE kind = 'child' GROUP BY 1").set_index("y").n
    assert 1.4 < years[2015] / years[2024] < 2.1
    assert ask(district(), "SELECT count(*) AS n FROM person WHERE given_name IN ('Баир', 'Дарима', 'Батор', 'Аюна', 'Саяна', 'Жаргал')").n[0] > 0


def test_children_of_school_age_are_enrolled_but_for_about_one_in_eighty() -> None:
    found = ask(district(), """SELECT avg(CAST(organisation_key IS NOT NULL AS INTEGER)) AS enrolled, count(absence_reason) AS known,
        count(*) - count(organisation_key) AS absent
        FROM person WHERE kind = 'child' AND death_date IS NULL AND date_diff('day', birth_date, DATE '2025-10-24') BETWEEN 7 * 365.25 AND 18 * 365.25""")
    assert 0.980 < found.enrolled[0] < 0.993
    assert 0 < found.known[0] < found.absent[0]


def test_kindergartens_hold_about_62_percent_of_ages_one_to_six() -> None:
    found = ask(district(), """SELECT avg(CAST(organisation_key IS NOT NULL AND grade IS NULL AS INTEGER)) AS share FROM person
        WHERE kind = 'child' AND death_date IS NULL AND date_diff('day', birth_date, DATE '2025-10-24') BETWEEN 366 AND 7 * 365""")
    assert 0.55 < found.share[0] < 0.69


def test_some_schools_are_over_capacity() -> None:
    found = ask(district(), """SELECT count(*) FILTER (n > place_count) AS over, count(*) FILTER (n <= place_count) AS within FROM
        (SELECT organisation_key, count(*) AS n FROM person WHERE grade IS NOT NULL GROUP BY 1) JOIN seen.organisation USING (organisation_key)""")
    assert found.over[0] > 0
    assert found.within[0] > 0


def test_a_share_of_a_district_is_registered_elsewhere() -> None:
    found = ask(district(), "SELECT avg(CAST(region_oktmo <> ? AS INTEGER)) AS share FROM seen.fms_registration WHERE kind = 'living'", [DISTRICT])
    assert 0.015 < found.share[0] < 0.06


def test_every_error_has_a_reason_and_a_rate() -> None:
    assert all(error.reason.endswith(".") and all(0 <= rate <= 1 for rate in error.rate.values()) for error in errors.ERRORS.values())
    assert set().union(*(error.rate for error in errors.ERRORS.values())) <= set(errors.EVERYWHERE)


@pytest.mark.parametrize(("error", "condition"), [
    ("snils_missing", "j.snils IS NULL AND p.citizenship = '643'"),
    ("certificate_missing", "certificate IS NULL"),
    ("snils_of_parent", "replace(replace(j.snils, '-', ''), ' ', '') IN (SELECT snils FROM seen.pfr_account WHERE sex = 'F' AND year(birth_date) < 2002)"),
    ("name_and_patronymic_swapped", "j.given_name = p.patronymic"),
    ("latin_look_alike", "regexp_matches(j.family_name || j.given_name || coalesce(j.patronymic, ''), '[A-Za-z]')"),
    ("feminine_ending_lost", "p.sex = 'F' AND p.family_name = j.family_name || 'а'"),
])
def test_journals_err_as_often_as_the_table_says(error: str, condition: str) -> None:
    found = ask(district(20_000), _errors_of(condition))
    expected = errors.rate(error, "journal")
    assert found.n[0] > 10_000
    assert expected * 0.3 < found.share[0] < expected * 1.8 + 0.002


def _errors_of(condition: str) -> str:
    return f"""SELECT avg(CAST(coalesce({condition}, false) AS INTEGER)) AS share, count(*) AS n FROM seen.journal_pupil AS j
        JOIN truth AS t ON t.wire_key = j.organisation_key || ':' || j.wire_key JOIN person AS p USING (person_id)"""


def test_test_pupils_are_nobody() -> None:
    found = ask(district(), """SELECT person_id FROM truth JOIN seen.journal_pupil AS j ON truth.wire_key = j.organisation_key || ':' || j.wire_key
        WHERE family_name = 'Тестов'""")
    assert len(found) >= 1
    assert (found.person_id < 0).all()


def test_some_pupils_are_listed_in_two_schools_and_some_persons_have_two_accounts() -> None:
    folder = district()
    assert ask(folder, "SELECT count(*) AS n FROM (SELECT person_id FROM truth WHERE source LIKE 'journal%' GROUP BY 1 HAVING count(*) > 1)").n[0] > 5
    assert ask(folder, "SELECT count(*) AS n FROM (SELECT person_id FROM truth WHERE source = 'pfr_snils' GROUP BY 1 HAVING count(*) > 1)").n[0] > 2
    assert ask(folder, "SELECT count(*) AS n FROM seen.pfr_account WHERE superseded_by IS NOT NULL").n[0] > 0


def test_universities_have_all_kinds_of_results_and_flows() -> None:
    folder = district()
    assert set(ask(folder, "SELECT DISTINCT mark_type FROM seen.student_mark").mark_type) == {"MARK", "CREDIT", "DIF_CREDIT", "HUNDRED_POINT"}
    assert set(ask(folder, "SELECT DISTINCT flow_type FROM seen.contingent_flow").flow_type) == {"ENROLLMENT", "DEDUCTION", "REINSTATEMENT"}
    orphans = "SELECT count(*) AS n FROM seen.student_mark ANTI JOIN seen.student ON student_mark.student_id = student.wire_key"
    assert ask(folder, orphans).n[0] == 0


def test_the_build_replaces_what_stood_there(tmp_path: Path) -> None:
    region.build(tmp_path, seed=SEED, children=200, home=DISTRICT)
    region.advance(tmp_path, 1)
    before = fingerprint(tmp_path)
    region.build(tmp_path, seed=SEED, children=200, home=DISTRICT)
    region.advance(tmp_path, 1)
    assert fingerprint(tmp_path) == before


def test_schools_list_as_finished_in_june_only_those_who_entered_a_university_this_year() -> None:
    left = ask(district(), """SELECT truth.person_id, j.grade, j.letter, j.exit_date, j.exit_reason, EXISTS (FROM seen.class_subject AS c
        WHERE c.organisation_key = j.organisation_key AND c.grade = j.grade AND c.letter = j.letter) AS has_class
        FROM seen.journal_pupil AS j JOIN truth ON truth.source LIKE 'journal%' AND truth.wire_key = j.organisation_key || ':' || j.wire_key
        WHERE j.exit_date IS NOT NULL""")
    entered = ask(district(), """SELECT truth.person_id FROM seen.student AS s
        JOIN truth ON truth.source = 'vuz_scos' AND truth.wire_key = s.organisation_key || ':' || s.wire_key WHERE s.study_year = 1""")
    assert len(left) >= 5
    assert set(left["person_id"]) < set(entered["person_id"])
    assert left["has_class"].all()
    assert {(int(row.grade), f"{row.exit_date:%Y-%m-%d}", row.exit_reason) for row in left.itertuples()} == {(11, "2025-06-25", "окончание школы")}


def test_who_left_school_in_june_has_no_mark_of_this_year() -> None:
    one = ask(district(), "SELECT organisation_key, wire_key FROM seen.journal_pupil WHERE exit_date IS NOT NULL AND grade = 11 LIMIT 1").iloc[0]
    marks = region.progress_marks(district(), one["organisation_key"], region.day_date(-30), region.day_date(0), 0)
    assert len(marks) > 100
    assert one["wire_key"] not in set(marks["local_id"])
