"""Files from outside in every form the senders use."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from pipeline.files import ingest
from schemas.errors import ConfigurationError
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import adds_up, deliveries, keys

pytestmark = pytest.mark.flow


def test_births_are_taken_in_every_form_zags_has(warehouse: Warehouse, tmp_path: Path) -> None:
    folder, package = tmp_path / "in", wire.archive(wire.push(wire.act(5)), wire.push(wire.act(6)))
    files = [wire.write(folder, "push.xml", wire.push(wire.act(1))), wire.write(folder, "message.xml", wire.envelope(wire.push(wire.act(2)))),
             wire.write(folder, "package.zip", wire.archive(wire.push(wire.act(3)), wire.push(wire.act(4)))),
             wire.write(folder, "saved.bin", wire.multipart(wire.envelope(wire.announcement(2)), package, headers=True)),
             wire.write(folder, "bare.mime", wire.multipart(wire.envelope(wire.announcement(1)), wire.archive(wire.push(wire.act(7))), headers=False))]
    files.append(wire.write(folder, "answer.xml", wire.answer(wire.act(9))))
    with tarfile.open(tmp_path / "kept.tar", "w") as tar:
        tar.add(wire.write(folder, "other.xml", wire.push(wire.act(8))), "000000-message.xml")
    found = ingest("zags_births", [*files, tmp_path / "kept.tar"])
    assert found["held_codes"] == {}
    assert (found["deliveries"], found["received"], found["loaded"], found["held"]) == (7, 9, 9, 0)
    assert len(keys(warehouse)) == 9
    adds_up()


def test_a_folder_of_messages_is_a_delivery_a_file_and_a_folder_of_parts_is_one(warehouse: Warehouse, tmp_path: Path) -> None:
    for number in (1, 2):
        wire.write(tmp_path / "many", f"{number}.xml", wire.push(wire.act(number)))
    wire.write(tmp_path / "one", "message.xml", wire.envelope(wire.announcement(1)))
    wire.write(tmp_path / "one", "attachment-1.zip", wire.archive(wire.push(wire.act(3))))
    assert ingest("zags_births", [tmp_path / "many", tmp_path / "one"])["deliveries"] == 3
    assert [state for _, state, _ in deliveries(warehouse)] == ["loaded"] * 3


@pytest.mark.parametrize("source", ["fms_residence", "pfr_snils"])
def test_an_answer_without_its_question_is_held(warehouse: Warehouse, tmp_path: Path, source: str) -> None:
    bare = next(path for path in sorted((wire.DATA / source).iterdir()) if path.name != "not-found.xml")
    found = ingest(source, [bare, wire.write(tmp_path, "a.zip", wire.archive("<a/>"))])
    assert found["held_codes"] == {"smev.unasked": 2}


def test_an_answer_with_its_question_in_a_folder_is_read(warehouse: Warehouse, tmp_path: Path) -> None:
    living = (wire.DATA / "fms_residence" / "living.xml").read_text("utf-8")
    keys_asked = {"service": "living", "attempt": 1, "keys": [["zags_births:1", "zags_births", "1", "birthCertificate"]]}
    wire.write(tmp_path / "talk", "question-keys.json", json.dumps(keys_asked))
    wire.write(tmp_path / "talk", "message.xml", wire.envelope(living))
    assert ingest("fms_residence", [tmp_path / "talk"])["held_codes"] == {}
    assert keys(warehouse, "residence") != []


def test_the_register_and_a_schools_files_are_the_same_as_those_fetched(warehouse: Warehouse, tmp_path: Path) -> None:
    assert ingest("education_organisations", [wire.DATA / "education_organisations" / "register.csv"])["loaded"] == 5
    wire.write(tmp_path / "school", "marks_2025_1.csv", wire.table(wire.MARKS, wire.mark(1, 1), wire.mark(2, 2, "н")))
    wire.write(tmp_path / "school", "pupils.csv", wire.table(wire.HEADER, wire.pupil(1), wire.pupil(2, name="Иванов Пётр")))
    assert ingest("journal_file", [tmp_path / "school"], wire.SCHOOL)["held_codes"] == {}
    assert [origin for origin, *_ in deliveries(warehouse)] == ["register.csv", f"{wire.SCHOOL}/pupils.csv", f"{wire.SCHOOL}/marks_2025_1.csv"]
    assert len(keys(warehouse, "mark")) == len(keys(warehouse, "attendance")) == 1
    adds_up()


@pytest.mark.parametrize("source", ["journal_netschool", "vuz_scos"])
def test_a_folder_of_answers_is_one_conversation(warehouse: Warehouse, tmp_path: Path, source: str) -> None:
    folder = tmp_path / "answers"
    for path in (wire.DATA / source).iterdir():
        wire.write(folder / path.name.replace("__", "/").rpartition("/")[0], path.name.rpartition("__")[2], path.read_bytes())
    organisation = json.loads((folder / "000000-question-scope.json").read_text("utf-8"))["organisation_key"]
    found = ingest(source, [folder], organisation)
    assert (found["deliveries"], found["held_codes"]) == (1, {})
    assert keys(warehouse) != []


def test_a_netschool_school_may_send_its_contingent_alone(warehouse: Warehouse) -> None:
    assert ingest("journal_netschool", [wire.DATA / "journal_netschool" / "000001-contingent.csv"], "1020300000001")["held_codes"] == {}
    assert keys(warehouse) != []


@pytest.mark.parametrize(("source", "name", "code"), [
    ("zags_births", "letter.docx", "file.kind"), ("journal_eljur", "answer.json", "file.kind"), ("education_organisations", "register.xml", "file.kind"),
    ("journal_file", "pupils.csv", "organisation.missing"), ("no_such", "a.xml", "source.unknown")])
def test_what_no_source_sends_is_one_clear_line_and_lands_nowhere(warehouse: Warehouse, tmp_path: Path, source: str, name: str, code: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        ingest(source, [wire.write(tmp_path, name, "{}")], "1020300000001" if code == "file.kind" and source.startswith("journal") else None)
    assert error.value.code == code
    assert "\n" not in str(error.value)
    assert deliveries(warehouse) == []


def test_the_conversation_of_another_school_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    wire.write(tmp_path / "talk", "question-scope.json", (wire.DATA / "journal_eljur" / "000000-question-scope.json").read_bytes())
    with pytest.raises(ConfigurationError, match="organisation"):
        ingest("journal_eljur", [tmp_path / "talk"], "1020300000009")
