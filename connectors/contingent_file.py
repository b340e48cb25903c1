"""Rows of a dropped file: contingent, current marks or final marks, by the layout its header names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

import pandas as pd

from connectors.journal_rows import RAW, is_debt, kind_of
from connectors.layouts import Layout, recognise
from connectors.rows import CompleteScope, RawBatch
from connectors.tables_reader import batches, open_lines
from schemas.errors import ContractBroken

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:_([1-4]))?(?!\d)")
_QUARTERS = {"1": ("{0}-09-01", "{0}-10-31"), "2": ("{0}-11-01", "{0}-12-31"), "3": ("{1}-01-01", "{1}-03-31"), "4": ("{1}-04-01", "{1}-08-31")}


def read_file(stream: IO[bytes], organisation_key: str, name: str, wanted: tuple[str, ...]) -> Iterator[RawBatch | CompleteScope]:
    """Batches of one file and the scopes it is complete for; `name` (of the file) tells the school year and quarter."""
    with open_lines(stream) as table:
        layout, header = recognise(table, wanted)
        said = _YEAR.search(name)
        if layout.table != "contingent" and said is None:
            raise ContractBroken("table.file_name", "the name of a file of marks must tell the school year")
        term = said.group(0) if said else ""
        for rows in batches(table.lines, header, layout.header_line):
            raw = _named(rows, layout, organisation_key)
            if layout.table == "contingent":
                yield from (RawBatch(entity, raw.reindex(columns=RAW[entity])) for entity in ("person", "enrolment"))
            elif layout.table == "marks":
                yield from _marks(raw, term)
            else:
                yield RawBatch("final_mark", raw.assign(school_year=term[:4]).reindex(columns=RAW["final_mark"]))
    yield from _scopes(layout, organisation_key, said)


def _named(rows: pd.DataFrame, layout: Layout, organisation_key: str) -> pd.DataFrame:
    wanted = rows[[*layout.columns, "position"]].rename(columns=layout.columns)
    return wanted.assign(organisation_key=organisation_key, date_form=layout.date_form, snils_form=layout.snils_form,
                         programme=layout.programme).astype("str")


def _marks(raw: pd.DataFrame, term: str) -> Iterator[RawBatch]:
    """The sender's number of a mark is its own only within the file of one quarter."""
    kinds = raw["value"].map(kind_of, na_action="ignore").fillna("mark")
    keyed = raw.assign(key=term + ":" + raw["mark_id"], is_debt=raw["value"].map(is_debt, na_action="ignore").fillna("true"))
    for entity in ("mark", "attendance"):
        yield RawBatch(entity, keyed[kinds == entity].reindex(columns=RAW[entity]).reset_index(drop=True))


def _scopes(layout: Layout, organisation_key: str, said: re.Match[str] | None) -> Iterator[CompleteScope]:
    if layout.table == "contingent":
        for entity in ("person", "enrolment"):
            yield CompleteScope(entity=entity, organisation_key=organisation_key)
    elif layout.table == "marks" and said is not None and said.group(2) is not None:
        first, last = (bound.format(int(said.group(1)), int(said.group(1)) + 1) for bound in _QUARTERS[said.group(2)])
        for entity in ("mark", "attendance"):
            yield CompleteScope(entity=entity, organisation_key=organisation_key, date_from=first, date_to=last)
