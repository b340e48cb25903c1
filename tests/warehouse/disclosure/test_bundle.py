"""Tests of a release as files: the same bytes, readable by anybody, no formula in it, and audited from itself alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from drawn_tables import RULES, universe

from schemas.errors import ContractBroken
from schemas.publication import Dimension, Publication
from warehouse.disclosure import bundle, reading, spreadsheet
from warehouse.disclosure.cells import Release
from warehouse.disclosure.protect import protect

MADE = Publication(name="n", title="Набор", declaration_version=1, rules=RULES, universes=(),
                   dimensions={name: Dimension(name=name, title=name) for name in ("d0", "d1", "d2")})
COUNTS = np.array([[3, 20, 8], [10, 30, 0], [60, 2, 41]])


def release(counts: np.ndarray = COUNTS) -> Release:
    made = protect("r", *universe(counts, "suppression"), RULES).universe
    return Release(name="2025-10-24-v7", as_of=date(2025, 10, 24), version=7, rules=RULES, universes=(made,))


def written(one: Release, folder: Path) -> Path:
    folder.mkdir()
    for name, content in bundle.files(one, MADE, (), 2.0).items():
        (folder / name).write_bytes(content)
    return folder


def test_the_same_release_is_the_same_bytes_and_reads_back_as_what_was_shown(tmp_path: Path) -> None:
    one, two = bundle.files(release(), MADE, (), 2.0), bundle.files(release(), MADE, (), 2.0)
    assert one == two
    read = reading.read(written(release(), tmp_path / "a"))
    ours, theirs = release().universes[0].tables[0], read.universes[0].tables[0]
    assert (ours.axes, ours.method, ours.cube) == (theirs.axes, theirs.method, theirs.cube)
    assert (ours.lower == theirs.lower).all()
    assert (ours.upper == theirs.upper).all()
    assert reading.audit([read], RULES)["u"][0] == []


def test_the_audit_of_files_alone_fails_where_a_table_was_not_protected(tmp_path: Path) -> None:
    bare = replace(release(), universes=(universe(COUNTS, "suppression")[0],))
    findings, _ = reading.audit([reading.read(written(bare, tmp_path / "a"))], RULES)["u"]
    assert findings
    assert not any(sign in " ".join(findings) for sign in ("=", "3.0"))


def test_no_file_tells_how_many_of_the_hidden_counts_are_small() -> None:
    """In the smallest interval of an attacker who knew it, a hidden count could be one."""
    told = json.loads(bundle.files(release(), MADE, (), 2.0)[bundle.AUDIT])
    assert set(told["tables"]["t"]) == {"cells", "zero", "small", "hidden"}
    assert told["tables"]["t"]["small"] == 0


@pytest.mark.parametrize("file", ["t.csv", bundle.AUDIT, bundle.PASSPORT])
def test_an_altered_or_missing_file_is_refused(tmp_path: Path, file: str) -> None:
    folder = written(release(), tmp_path / "a")
    (folder / file).write_bytes((folder / file).read_bytes() + b" ")
    with pytest.raises(ContractBroken, match=r"release\.altered"):
        reading.read(folder)
    (folder / file).unlink()
    with pytest.raises(ContractBroken, match=r"release\.unreadable"):
        reading.read(folder)


@pytest.mark.parametrize("dangerous", ["=1+1", "+7", "-5", "@SUM(A1)", "  =1+1", "\t=1+1", "\r\n=1+1", "село,=1+1", "село; @x", "＝1+1"])
def test_text_that_a_spreadsheet_could_take_for_a_formula_is_text(dangerous: str) -> None:
    content = spreadsheet.written(("name", "value"), [(dangerous, 5)])
    for separator in ";,|\t":
        for cell in content.decode("utf-8-sig").replace("\r\n", separator).replace('"', "").split(separator):
            assert not cell.strip().startswith(("=", "+", "-", "@", "＝"))


def test_csv_has_a_byte_order_mark_semicolons_quoted_text_and_bare_numbers() -> None:
    content = spreadsheet.written(("name", "value"), [('Школа "А"; Улан-Удэ', 5), ("Хоринский район", None)])
    assert content == '\ufeff"name";"value"\r\n"Школа ""А""; Улан-Удэ";5\r\n"Хоринский район";""\r\n'.encode()
    assert spreadsheet.read(content)[0] == {"name": 'Школа "А"; Улан-Удэ', "value": "5"}
