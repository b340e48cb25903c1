"""Drawn tables of person records, and a short way to link them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from transforms.linkage.inputs import RECORD
from transforms.linkage.link import LinkResult, link

SHORT = {"id": "record_id", "key": "source_key", "family": "family_name", "given": "given_name", "born": "birth_date", "act": "birth_act_number",
         "certificate": "birth_certificate", "was": "previous_family_name"}
Draw = Callable[[str], pa.Table]


def draw(drawing: str) -> pa.Table:
    """Read `column | column` lines; an empty cell is missing, a short date is partial, a short act number is filled up."""
    lines = [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]
    header = [SHORT.get(column, column) for column in lines[0]]
    return pa.Table.from_pylist([_typed({name: cell for name, cell in zip(header, line, strict=True) if cell}) for line in lines[1:]], schema=RECORD)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    born = row.pop("birth_date", None)
    if born and len(born) == 10:
        row["birth_date"] = datetime.date.fromisoformat(born)
    elif born:
        row["birth_date_partial"] = born
    if "birth_act_number" in row:
        row["birth_act_number"] = row["birth_act_number"].rjust(21, "0")
    row["record_id"] = int(row["record_id"])
    return {"source_key": str(row["record_id"]), "record_status": "active"} | row


@pytest.fixture(scope="session")
def drawn() -> Draw:
    return draw


def pupils(result: LinkResult) -> set[frozenset[int]]:
    """The partition of record ids."""
    members: dict[int, set[int]] = {}
    for row in result.links.to_pylist():
        members.setdefault(row["pupil_id"], set()).add(row["record_id"])
    return {frozenset(each) for each in members.values()}


@pytest.fixture(scope="session")
def linked() -> Callable[..., tuple[set[frozenset[int]], set[str]]]:
    """Link a drawing: the partition and the reasons of all reviews."""
    def run(drawing: str, **more: Any) -> tuple[set[frozenset[int]], set[str]]:
        result = link(draw(drawing), one_record_sources=("zags_births", "pfr_snils"), **more)
        return pupils(result), {reason for row in result.reviews.to_pylist() for reason in row["reasons"]}
    return run
