"""The page of all reports, by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.reports import shelf, workbook
from warehouse.reports.catalogue import DEFINITIONS
from warehouse.reports.model import Provenance, Report
from warehouse.reports.page import render


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One report in a list: its number, what it says first, its files."""

    code: str
    report: Report
    sections: tuple[str, ...]
    checks: str
    files: tuple[tuple[str, str], ...]


def entries(reports: Sequence[Report]) -> list[Entry]:
    """The reports in the order of the catalogue."""
    known = {one.name: one for one in DEFINITIONS}
    return [Entry(code=known[one.name].code, report=one, sections=known[one.name].sections, checks=workbook.checks_summary(one.checks),
                  files=tuple((f"files/{one.name}.{kind}", kind.upper()) for kind in shelf.KINDS)) for one in reports]


def page(reports: Sequence[Report], made: Provenance, *, site: tuple[tuple[str, str], ...]) -> str:
    """`reports.html`."""
    return render("reports.html", title="Отчёты", version=made.version, as_of=made.as_of, site=site, here="reports.html", reports=entries(reports))
