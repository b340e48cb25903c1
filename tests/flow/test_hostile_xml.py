"""XML that is not what was agreed: its delivery is held whole, with a code; the others load, and memory stays bounded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.files import ingest
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import adds_up, deliveries, keys

pytestmark = pytest.mark.flow
ROOT = Path(__file__).resolve().parents[2]
GROWTH = 96 << 20
"""Bytes: less than the largest file below holds."""


def hostile() -> dict[str, tuple[str | bytes, str]]:
    """File name: (content, code it is held with); record 1 of each is good."""
    good, act = wire.push(wire.act(1)), wire.act(1)
    return {
        "unclosed.xml": (good.replace("</z:СведМать>", ""), "xml.not_well_formed"),
        "truncated.xml": (wire.push(*map(wire.act, range(1, 40)))[:-200], "xml.truncated"),
        "invalid.xml": (wire.push(act, wire.act(2).replace("<z:Пол>1</z:Пол>", "<z:Пол>male</z:Пол>")), "xml.xsd_invalid"),
        "version.xml": (good.replace("112-23/4.0.1", "112-23/4.0.2"), "xml.wrong_namespace"),
        "doctype.xml": (good.replace("?>", '?><!DOCTYPE z [<!ENTITY e "x">]>'), "xml.doctype"),
        "file.xml": (good.replace("?>", '?><!DOCTYPE z SYSTEM "file:///etc/passwd">'), "xml.doctype"),
        "entity.xml": (good.replace("Доржиев<", "&unknown;<"), "xml.entity"),
        "nul.xml": (good.encode().replace("Баир".encode(), b"\0"), "xml.nul"),
        "declared.xml": (wire.push(act, declaration='<?xml version="1.0" encoding="windows-1251"?>'), "xml.encoding"),
        "written.xml": (good.encode("cp1251"), "xml.encoding"),
        "question.xml": (f'<z:ROGDINFRequest xmlns:z="{wire.ANSWER}"/>', "xml.xsd_invalid"),
        "alone.xml": (wire.announcement(1), "package.parts"),
        "other.zip": (wire.archive(good).replace(b"part-000001", b"../../etc/x"), "zip.entry_name"),
        "broken.zip": (wire.archive(good, wire.push(wire.act(2)))[:-30], "zip.damaged"),
        "cut.mime": (wire.multipart(wire.envelope(wire.announcement(1)), wire.archive(good), headers=False)[:-8], "mime.truncated"),
        "empty.xml": ("", "xml.truncated"),
    }


def test_each_kind_of_broken_xml_is_held_whole_and_the_good_one_loads(warehouse: Warehouse, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    files = {wire.write(tmp_path / "in", name, content): code for name, (content, code) in hostile().items()}
    found = ingest("zags_births", [*files, wire.write(tmp_path / "in", "good.xml", wire.push(wire.act(50)))])
    assert {origin: code for origin, _, code in deliveries(warehouse)} == {path.name: code for path, code in files.items()} | {"good.xml": None}
    assert (found["held"], found["loaded"]) == (len(files), 1)
    assert len(keys(warehouse)) == 1
    assert "Доржиев" not in str(warehouse.rows("SELECT held_message FROM quality.delivery")) + caplog.text
    adds_up()


def test_memory_is_bounded_by_the_door_not_by_the_delivery(warehouse: Warehouse, tmp_path: Path) -> None:
    head, tail = wire.push(wire.act(1, family_name="ДЛИННЫЙ")).split("ДЛИННЫЙ")
    text = tmp_path / "text.xml"
    with text.open("wb") as file:
        file.write(head.encode())
        for _ in range(100):
            file.write(b"a" * (1 << 20))
        file.write(tail.encode())
    deep = wire.write(tmp_path, "deep.xml", head + "<a>" * 1_000_000 + "</a>" * 1_000_000 + tail)
    bomb = wire.write(tmp_path, "bomb.zip", wire.archive(head + " " * (200 << 20) + tail))
    told = subprocess.run([sys.executable, "-m", "tests.flow.measured_ingest", "zags_births", text, deep, bomb], cwd=ROOT, capture_output=True,
                          text=True, check=True, timeout=120).stdout
    measured = json.loads(told.splitlines()[-1])
    assert measured["found"]["held_codes"] == {"xml.text_too_long": 1, "xml.too_deep": 1, "zip.bomb": 1}
    assert measured["grown"] < GROWTH
