"""What identity promises: stable ids, versioned differences, and a neighbourhood that misses nothing."""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt, person, write
from tests.warehouse.test_load import accept
from warehouse import identity, ledger, load, neighbourhood, publish, questions
from warehouse.identity_apply import Overtaken

pytestmark = pytest.mark.warehouse
_minutes = itertools.count()

LINKS = pa.schema([("record_id", pa.int64()), ("pupil_id", pa.int64()), ("rule", pa.string()), ("weight", pa.float64()),
                   ("evidence_record_id", pa.int64()), ("status", pa.string())])
REVIEWS = pa.schema([("record_id", pa.int64()), ("candidate_pupil_id", pa.int64()), ("candidate_record_id", pa.int64()),
                     ("weight", pa.float64()), ("reasons", pa.list_(pa.string()))])
REDIRECTS = pa.schema([("pupil_id", pa.int64()), ("redirect_to", pa.int64())])
PUPILS = pa.schema([("pupil_id", pa.int64()), ("family_name", pa.string()), ("given_name", pa.string()), ("patronymic", pa.string()),
                    ("birth_date", pa.date32()), ("sex", pa.string()), ("snils", pa.string()), ("citizenship", pa.string()),
                    ("death_date", pa.date32()), ("oktmo", pa.string()), ("is_rural", pa.bool_()), ("is_resident", pa.bool_())])
CELLS = pa.schema([("pupil_id", pa.int64()), ("field", pa.string()), ("record_id", pa.int64()), ("source", pa.string()), ("rule", pa.string()),
                   ("disagreement", pa.int64()), ("sources", pa.int64())])


@dataclass(frozen=True)
class Result:
    links: pa.Table
    reviews: pa.Table = field(default_factory=REVIEWS.empty_table)
    redirects: pa.Table = field(default_factory=REDIRECTS.empty_table)


@dataclass(frozen=True)
class Golden:
    pupils: pa.Table
    cells: pa.Table


def links(pairs: dict[int, int], **more: pa.Table) -> Result:
    rows = [{"record_id": record, "pupil_id": pupil, "rule": "snils", "weight": 12.5, "status": "auto"} for record, pupil in pairs.items()]
    return Result(pa.Table.from_pylist(rows, LINKS), **more)


def golden(pupils: dict[int, str], cells: bool = True) -> Golden:
    rows = [{"pupil_id": pupil, "family_name": name} for pupil, name in pupils.items()]
    traces = [{"pupil_id": pupil, "field": "family_name", "rule": "only", "disagreement": 0, "sources": 1} for pupil in pupils]
    return Golden(pa.Table.from_pylist(rows, PUPILS), pa.Table.from_pylist(traces if cells else [], CELLS))


def touched() -> identity.Touched:
    return identity.neighbourhood(identity.changed())


def link_two(folder: Path) -> tuple[int, int]:
    """Records 1 and 2 linked to pupils 1 and 2."""
    accept(folder, {"person": [person("a"), person("b")]})
    return identity.apply(links({1: -1, 2: -2}), golden({-1: "А", -2: "Б"}), touched())


def test_new_pupils_get_ids_and_a_second_linking_writes_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    assert link_two(tmp_path) == (2, 6)
    assert warehouse.rows("SELECT record_id, pupil_id FROM identity.link ORDER BY 1") == [(1, 1), (2, 2)]
    assert len(identity.changed()) == 0
    assert identity.apply(links({1: 1, 2: 2}), golden({1: "А", 2: "Б"}), identity.everything()) == (2, 0)


def test_a_merge_keeps_the_old_id_as_a_redirect_and_the_old_version_as_it_was(warehouse: Warehouse, tmp_path: Path) -> None:
    link_two(tmp_path)
    redirects = pa.Table.from_pylist([{"pupil_id": 2, "redirect_to": 1}], REDIRECTS)
    version, _ = identity.apply(links({1: 1, 2: 1}, redirects=redirects), golden({1: "А"}), identity.everything())
    assert warehouse.rows("SELECT pupil_id, redirect_to FROM identity.pupil ORDER BY 1") == [(1, None), (2, 1)]
    for seen, expected in ((version, [(1,)]), (version - 1, [(1,), (2,)])):
        publish.publish(seen, "test")
        assert warehouse.rows("SELECT pupil_id FROM marts.pupil ORDER BY 1", role="analyst") == expected
    assert ("merged", 2, 1) in warehouse.rows("SELECT kind, from_pupil_id, to_pupil_id FROM identity.change")


def test_a_golden_change_is_one_row_closed_and_one_made(warehouse: Warehouse, tmp_path: Path) -> None:
    link_two(tmp_path)
    assert identity.apply(links({1: 1, 2: 2}), golden({1: "А", 2: "В"}), identity.everything())[1] == 2


def test_a_withdrawn_record_loses_link_and_pupil(warehouse: Warehouse, tmp_path: Path) -> None:
    link_two(tmp_path)
    warehouse.execute("UPDATE identity.person_record SET version_to = 3 WHERE record_id = 2; INSERT INTO quality.version (version, kind) VALUES (3, 'load')")
    found = identity.changed()
    assert found.records["record_id"].to_pylist() == [2]
    scope = identity.neighbourhood(found)
    assert identity.read_person_records(scope)["record_id"].to_pylist() in ([], [1])
    identity.apply(links({1: 1}), golden({1: "А"}), identity.everything())
    assert warehouse.rows("SELECT pupil_id FROM core.pupil WHERE version_to > 1e18") == [(1,)]


def test_reviews_are_replaced_within_the_scope(warehouse: Warehouse, tmp_path: Path) -> None:
    link_two(tmp_path)
    review = pa.Table.from_pylist([{"record_id": 2, "candidate_pupil_id": 1, "weight": 3.0, "reasons": ["snils.shared"]}], REVIEWS)
    same = golden({1: "А", 2: "Б"})
    assert identity.apply(links({1: 1, 2: 2}, reviews=review), same, identity.everything())[1] == 1
    assert identity.apply(links({1: 1, 2: 2}, reviews=review), same, identity.everything())[1] == 0
    assert identity.apply(links({1: 1, 2: 2}), same, identity.everything())[1] == 1


def test_an_older_linking_does_not_overwrite_a_newer_one(warehouse: Warehouse, tmp_path: Path) -> None:
    accept(tmp_path, {"person": [person("a")]})
    old = touched()
    accept(tmp_path, {"person": [person("b")]})
    identity.apply(links({1: -1, 2: -2}), golden({-1: "А", -2: "Б"}), touched())
    with pytest.raises(Overtaken):
        identity.apply(links({1: -1}), golden({-1: "А"}), old)


def test_a_decision_touches_both_records_and_the_last_word_holds(warehouse: Warehouse, tmp_path: Path) -> None:
    link_two(tmp_path)
    identity.decide(2, 1, "same", "документы", "steward")
    identity.decide(1, 2, "different", "близнецы", "steward")
    assert identity.changed().records["record_id"].to_pylist() == [1, 2]
    assert identity.read_decisions(touched()).to_pylist() == [{"record_id_a": 1, "record_id_b": 2, "verdict": "different"}]


Drawn = tuple[str | None, str | None, str, int]
PEOPLE = st.lists(st.tuples(st.none() | st.sampled_from(["11", "12", "13"]), st.none() | st.sampled_from(["c1", "c2"]), st.sampled_from("АБ"),
                            st.sampled_from([1, 2, 3])), min_size=4, max_size=12)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE, fresh=PEOPLE)
def test_a_neighbourhood_is_the_closure_over_shared_keys(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch,
                                                         people: list[Drawn], fresh: list[Drawn]) -> None:
    monkeypatch.setattr(neighbourhood, "MOST", 2.0)
    source, rows = f"journal_{next(_minutes)}", [
        person(str(number), snils=snils, birth_certificate=certificate, family_name=name, given_name="И", birth_date=date(2015, 1, day))
        for number, (snils, certificate, name, day) in enumerate(people + fresh)]
    with tempfile.TemporaryDirectory() as folder:
        for is_last, part in ((False, rows[:len(people)]), (True, rows[len(people):])):
            receipt = Receipt(source=source, minute=next(_minutes) % 1400)
            ledger.register([receipt])
            load.accept(receipt.delivery_id, write(Path(folder) / receipt.delivery_id, {"person": part}))
            scope = touched()
            if not is_last:
                records = scope.records["record_id"].to_pylist()
                identity.apply(links({record: -place - 1 for place, record in enumerate(records)}),
                               golden({-place - 1: "А" for place in range(len(records))}), scope)
    known = dict(warehouse.rows("SELECT source || '/' || source_key, record_id FROM identity.source_record"))
    everyone = warehouse.rows("SELECT record_id, snils, birth_certificate, family_name || birth_date FROM identity.person_record WHERE version_to > 1e18")
    expected = {known[f"{source}/{number}"] for number in range(len(people), len(rows))}
    while True:
        keys = {(place, value) for record, *values in everyone if record in expected for place, value in enumerate(values) if value}
        reached = expected | {record for record, *values in everyone if any((place, value) in keys for place, value in enumerate(values))}
        if reached == expected:
            break
        expected = reached
    assert set(scope.records["record_id"].to_pylist()) == expected
    identity.apply(links({record: -place - 1 for place, record in enumerate(sorted(expected))}),
                   golden({-place - 1: "А" for place in range(len(expected))}), scope)


def test_questions_are_one_a_child_and_asked_once(warehouse: Warehouse, tmp_path: Path) -> None:
    known = {"birth_certificate": "I-АЖ 123456", "birth_date": date(2015, 1, 1)}
    accept(tmp_path, {"person": [person("act", **known)]}, Receipt(source="zags_births", minute=1))
    accept(tmp_path, {"person": [person("pupil", **known), person("old", **known | {"birth_certificate": "I-АЖ 1", "birth_date": date(1999, 1, 1)}),
                                 person("bare", birth_date=date(2015, 1, 1))]}, Receipt(minute=2))
    file = tmp_path / "questions.parquet"
    assert questions.write("pfr_snils", file, date(2025, 10, 24)) == 1
    assert pa.parquet.read_table(file).to_pylist()[0]["question_id"] == "zags_births:act"
    assert questions.mark_asked("pfr_snils", file, date(2025, 10, 24)) == 1
    assert questions.write("pfr_snils", file, date(2025, 10, 24)) == 0
    assert questions.write("fms_residence", file, date(2025, 10, 24)) == 1
    accept(tmp_path, {"person": [person("act", **known, sex="F")]}, Receipt(source="zags_births", minute=3))
    assert questions.write("pfr_snils", file, date(2025, 10, 24)) == 1


def test_only_questions_that_are_covered_count_as_asked(warehouse: Warehouse, tmp_path: Path) -> None:
    accept(tmp_path, {"person": [person(key, birth_certificate=f"I-АЖ 12345{key}", birth_date=date(2015, 1, 1)) for key in "12"]},
           Receipt(source="zags_births", minute=1))
    file = tmp_path / "questions.parquet"
    assert questions.write("pfr_snils", file, date(2025, 10, 24)) == 2
    assert questions.mark_asked("pfr_snils", file, date(2025, 10, 24), {"zags_births:1", "another"}) == 1
    assert questions.write("pfr_snils", file, date(2025, 10, 24)) == 1
    assert pa.parquet.read_table(file)["question_id"].to_pylist() == ["zags_births:2"]
    assert questions.mark_asked("pfr_snils", file, date(2025, 10, 24), set()) == 0


def test_silence_is_asked_about_again_after_a_week_and_an_answer_after_a_month(warehouse: Warehouse, tmp_path: Path) -> None:
    accept(tmp_path, {"person": [person("act", birth_certificate="I-АЖ 123456", birth_date=date(2015, 1, 1))]}, Receipt(source="zags_births", minute=1))
    file = tmp_path / "questions.parquet"
    questions.write("pfr_snils", file, date(2025, 10, 24))
    questions.mark_asked("pfr_snils", file, date(2025, 10, 24))
    assert [questions.write("pfr_snils", file, day) for day in (date(2025, 10, 30), date(2025, 10, 31))] == [0, 1]
    accept(tmp_path, {"person": [person("zags_births:act", asked_source="zags_births", asked_key="act")]}, Receipt(source="pfr_snils", minute=2))
    assert [questions.write("pfr_snils", file, day) for day in (date(2025, 10, 31), date(2025, 11, 22), date(2025, 11, 23))] == [0, 0, 1]


def test_two_linkings_of_one_base_never_both_apply(warehouse: Warehouse, tmp_path: Path) -> None:
    accept(tmp_path, {"person": [person("a"), person("b")]})
    first, second = identity.everything(), identity.everything()
    records = first.records["record_id"].to_pylist() or [row[0] for row in warehouse.rows("SELECT record_id FROM identity.source_record ORDER BY 1")]
    made = links({record: -place - 1 for place, record in enumerate(records)}), golden({-place - 1: "А" for place in range(len(records))})
    identity.apply(*made, first)
    before = warehouse.rows("SELECT record_id, pupil_id FROM identity.link WHERE version_to > 1e18 ORDER BY 1")
    with pytest.raises(identity.Overtaken):
        identity.apply(*made, second)
    assert warehouse.rows("SELECT record_id, pupil_id FROM identity.link WHERE version_to > 1e18 ORDER BY 1") == before
