"""The answer to the sender: true to the ledger, valid, the same bytes for the same state, nothing personal, any number of bad records."""

from __future__ import annotations

import hashlib
import tracemalloc
from pathlib import Path

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from pipeline import feedback, feedback_workbook, feedback_xml
from pipeline.replay import replay
from schemas.errors import ConfigurationError
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.test_replay import BORN, ENGINEER, bring_pupils, too_narrow

pytestmark = pytest.mark.flow
XSD = Path(__file__).resolve().parents[2] / "schemas" / "xsd" / "feedback" / "feedback.xsd"
NS = {"f": feedback_xml.NAMESPACE}


def files(folder: Path, form: str = "xml") -> list[Path]:
    return sorted((folder / "feedback").rglob(f"*-*.{form}"), key=lambda path: path.stat().st_mtime_ns)


def read(path: Path) -> etree._Element:
    tree = etree.parse(path)
    etree.XMLSchema(etree.parse(XSD)).assertValid(tree)
    return tree.getroot()


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (*files(folder), *files(folder, "xlsx"))}


def test_a_load_writes_it_and_a_replay_writes_it_anew(warehouse: Warehouse, tmp_path: Path) -> None:
    with too_narrow():
        bring_pupils(tmp_path, wire.pupil(1), *(wire.pupil(number, born="2014-09-01") for number in (2, 3)))
    (path,) = files(tmp_path)
    said = read(path)
    assert path.parent.relative_to(tmp_path).as_posix() == f"feedback/journal_file/{wire.SCHOOL}_pupils.csv"
    assert said.find("f:Session", NS).get("result") == "errors"
    person = said.find("f:Entities/f:Entity[@name='person']", NS)
    assert [person.get(name) for name in ("total", "invalid", "processed", "created", "updated", "replayed")] == ["3", "1", "2", "2", "0", "0"]
    record = said.find("f:Records/f:Record[@entity='person']", NS)
    assert (record.get("id"), record.get("processed"), record.get("code")) == (f"{wire.SCHOOL}:1", "false", BORN)
    assert record.findtext("f:Message", namespaces=NS)
    assert record.findtext("f:Advice", namespaces=NS)
    replay(rule=BORN, **ENGINEER)
    after = read(path)
    assert after.find("f:Session", NS).get("result") == "success"
    assert {one.get("processed") for one in after.iterfind("f:Records/f:Record", NS)} == {"true"}
    assert after.find("f:Entities/f:Entity[@name='person']", NS).get("replayed") == "1"


def test_the_same_ledger_gives_the_same_bytes_and_is_written_once(warehouse: Warehouse, tmp_path: Path) -> None:
    with too_narrow():
        bring_pupils(tmp_path, wire.pupil(1), *(wire.pupil(number, born="2014-09-01") for number in (2, 3)))
    before = hashes(tmp_path)
    assert feedback.write("journal_file") == 0
    for path in (*files(tmp_path), *files(tmp_path, "xlsx")):
        path.unlink()
    assert feedback.write("journal_file") == 1
    assert hashes(tmp_path) == before
    (delivery,) = {path.stem for path in files(tmp_path)}
    assert {path.suffix for path in feedback.write_one(delivery, tmp_path / "out")} == {".xml", ".xlsx"}
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "out").iterdir()} == before


def test_a_held_delivery_and_a_repeat_are_told_of(warehouse: Warehouse, tmp_path: Path) -> None:
    from pipeline.files import ingest

    bad, good = wire.write(tmp_path, "bad.xml", "<a>"), wire.write(tmp_path, "good.xml", wire.push(wire.act(1)))
    for one in (bad, good, good):
        ingest("zags_births", [one])
    sessions = [read(path).find("f:Session", NS) for path in files(tmp_path)]
    assert sorted((one.get("result"), one.get("repeat")) for one in sessions) == [("failure", "false"), ("success", "false"), ("success", "true")]
    (failed,) = [one for one in sessions if one.get("result") == "failure"]
    assert failed.findtext("f:Hold/f:Advice", namespaces=NS)


def test_a_senders_key_is_text_in_a_workbook_and_fit_for_xml(warehouse: Warehouse, tmp_path: Path) -> None:
    with too_narrow():
        bring_pupils(tmp_path, wire.pupil(1, key="=1+1"), *(wire.pupil(number, born="2014-09-01") for number in (2, 3)))
    warehouse.execute("UPDATE quality.refused_record SET source_key = '=HYPERLINK(\"x\")' || chr(1)")
    (delivery,) = {path.stem for path in files(tmp_path)}
    feedback.write_one(delivery, tmp_path / "out")
    (book,) = (tmp_path / "out").glob("*.xlsx")
    workbook = CalamineWorkbook.from_path(book)
    assert workbook.sheet_names == ["Сводка", "Записи с ошибками"]
    assert str(workbook.get_sheet_by_index(1).to_python()[1][0]).startswith("=HYPERLINK")
    assert b"<f>" not in b"".join(part for part in _parts(book))
    (document,) = (tmp_path / "out").glob("*.xml")
    assert read(document).find("f:Records/f:Record", NS).get("id").endswith("\ufffd")


def test_a_hundred_thousand_bad_records_take_no_more_memory_than_a_few(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback_workbook, "LISTED", 100)
    with too_narrow():
        bring_pupils(tmp_path, wire.pupil(1), *(wire.pupil(number, born="2014-09-01") for number in (2, 3)))
    (delivery,) = {path.stem for path in files(tmp_path)}
    many = 100_000
    warehouse.execute(f"INSERT INTO quality.refused_record SELECT delivery_id, 'person', CAST(n AS text), 'key ' || n, rule, rule_version, refused_at_version "
                      f"FROM quality.refused_record, generate_series(10, {9 + many}) AS n WHERE entity = 'person'")
    warehouse.execute(f"UPDATE quality.delivery_entity SET received = received + {many}, refused = refused + {many} WHERE entity = 'person'")
    tracemalloc.start()
    document, book = feedback.write_one(delivery, tmp_path / "out")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 << 20
    assert len(read(document).findall("f:Records/f:Record", NS)) == many + 2
    workbook = CalamineWorkbook.from_path(book)
    assert len(workbook.get_sheet_by_index(1).to_python()) == 101
    assert ["Перечислено записей", "100 из 100 002; все – в файле XML"] in [row[:2] for row in workbook.get_sheet_by_index(0).to_python()]


def test_a_delivery_nobody_knows_has_no_feedback(warehouse: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"feedback\.not_settled"):
        feedback.write_one("no such delivery", tmp_path / "out")


def _parts(book: Path) -> list[bytes]:
    import zipfile

    with zipfile.ZipFile(book) as parts:
        return [parts.read(name) for name in parts.namelist()]
