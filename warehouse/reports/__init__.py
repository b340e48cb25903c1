"""Forms and reports from marts: XLSX, HTML and JSON of one version, the same bytes each time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Engine

from warehouse.reports import equalities, forms, machine, pdf, pictures, provenance, workbook
from warehouse.reports.catalogue import DEFINITIONS
from warehouse.reports.definition import Definition
from warehouse.reports.equalities import Sides
from warehouse.reports.model import Report
from warehouse.reports.page import render
from warehouse.reports.reader import snapshot
from warehouse.reports.titles import SOURCE_TITLES

__all__ = ["as_html", "build", "control_sides", "make"]

log = logging.getLogger(__name__)
Progress = Callable[[str], None]


def make(connection: Connection, *, version: int, as_of: date, with_names: bool = False, wanted: Iterable[Definition] = DEFINITIONS) -> tuple[Report, ...]:
    """Reports of the snapshot that `connection` looks at, without touching a file."""
    made = provenance.read(connection, version=version, as_of=as_of, titles=SOURCE_TITLES)
    return tuple(one.make(connection, made.with_form(forms.read(one.form).version_title) if one.form else made, with_names=with_names) for one in wanted)


def control_sides(engine: Engine, *, version: int, as_of: date) -> list[Sides]:
    """Both sides of every control equality of the forms in one version, published or not; nothing is written."""
    with snapshot(engine, version=version, as_of=as_of) as connection:
        made = provenance.read(connection, version=version, as_of=as_of, titles=SOURCE_TITLES)
        built = {one.form: one.make(connection, made) for one in DEFINITIONS if one.form and forms.read(one.form).equalities}
    return [sides for name, report in built.items() for sides in equalities.sides(report, forms.read(name).equalities, forms.read(name).lines)]


def as_html(report: Report, *, files: str = "", site: tuple[tuple[str, str], ...] = ()) -> str:
    """The HTML page of one report; `files` is the folder of its XLSX and JSON as the page sees it, `site` the menu of the portal."""
    drawn = pictures.of(report)
    return render("report.html", title=report.title, report=report, version=report.provenance.version, as_of=report.provenance.as_of,
                  sources=workbook.sources_table(report), checks_summary=workbook.checks_summary(report.checks), site=site, here=f"{report.name}.html",
                  above="" if f"{report.name}.html" in dict(site) else "reports.html",
                  pictures=drawn, assets=pictures.SCRIPTS if drawn and site else (),
                  files=[(f"{files}{report.name}.{kind}", f"Скачать {kind.upper()}") for kind in ("xlsx", "pdf", "json")])


def build(engine: Engine, *, version: int, as_of: date, out: Path, wanted: Iterable[Definition] = DEFINITIONS, with_names: bool = False,
          progress: Progress | None = None) -> list[Path]:
    """Write reports of `version` on the report date `as_of` into `out`; returns the files.

    `with_names`: also `restricted/` (readable by this account only), which names children. The same version and date give the same bytes.
    """
    with snapshot(engine, version=version, as_of=as_of) as connection:
        reports = make(connection, version=version, as_of=as_of, with_names=with_names, wanted=wanted)
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for report in reports:
        written += _write(report, out)
        if progress:
            progress(report.name)
    log.info("version %d: %d report files", version, len(written))
    return written


def _write(report: Report, out: Path) -> list[Path]:
    files = [workbook.save(report, out / f"{report.name}.xlsx"), pdf.save(report, out / f"{report.name}.pdf"),
             machine.save(report, out / f"{report.name}.json")]
    html = out / f"{report.name}.html"
    html.write_text(as_html(report), encoding="utf-8")
    return [*files, html, *_write_restricted(report, out / "restricted")]


def _write_restricted(report: Report, folder: Path) -> list[Path]:
    if not report.restricted:
        return []
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    path = folder / f"{report.name}.xlsx"
    path.touch(mode=0o600)
    path.chmod(0o600)
    return [workbook.save(report, path, tables=report.restricted)]
