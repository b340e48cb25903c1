"""Reports that were made are kept and taken again while nothing they read has changed."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path

from sqlalchemy import Engine

from warehouse.reports import inputs, machine, make, pdf, workbook
from warehouse.reports.definition import Definition
from warehouse.reports.model import Report
from warehouse.reports.reader import snapshot

ROOT = Path(__file__).parents[2]
CODE = ("warehouse/reports", "warehouse/marts", "warehouse/disclosure", "schemas", "warehouse/views.py", "warehouse/as_of.py")
"""What a definition is, beside its name: the code, views, forms and code lists reports are made with."""
KEPT = 7
"""Makings of one report that stay; any of them can be made again."""
KINDS = ("xlsx", "pdf", "json")


@dataclass(frozen=True, kw_only=True)
class Made:
    """One report, the folder of its files (`<name>.xlsx`, `.pdf`, `.json`) and whether it was made now."""

    definition: Definition
    report: Report
    folder: Path
    is_new: bool

    def file(self, kind: str) -> Path:
        """The file of one of KINDS."""
        return self.folder / f"{self.definition.name}.{kind}"


def take(engine: Engine, definitions: Iterable[Definition], *, version: int, as_of: date, shelf: Path,
         progress: Callable[[Made], None] | None = None) -> tuple[Made, ...]:
    """The reports of `version` on the date `as_of`, from the shelf or made now; in the order of the catalogue.

    A crash leaves no half of a report: files are written aside and moved in one step.
    """
    shelf.mkdir(parents=True, exist_ok=True)
    with snapshot(engine, version=version, as_of=as_of) as connection:
        shown = [(inputs.shown_version(connection, one, version), one) for one in definitions]
    found: dict[str, Made] = {}
    for of, several in groupby(sorted(shown, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        missing = []
        for _, one in several:
            folder = shelf / f"{one.name}-{of:08d}-{as_of:%Y-%m-%d}-{code_fingerprint()}"
            if folder.exists():
                folder.touch()
                found[one.name] = Made(definition=one, report=machine.read(folder / f"{one.name}.json"), folder=folder, is_new=False)
            else:
                missing.append((one, folder))
        for fresh in _build(engine, missing, version=of, as_of=as_of):
            found[fresh.definition.name] = fresh
            if progress:
                progress(fresh)
    for made in found.values():
        _forget_old(shelf, made)
    return tuple(found[one.name] for _, one in shown)


def _build(engine: Engine, missing: list[tuple[Definition, Path]], *, version: int, as_of: date) -> Iterator[Made]:
    if not missing:
        return
    with snapshot(engine, version=version, as_of=as_of) as connection:
        for one, folder in missing:
            with _draft(folder) as draft:
                write(make(connection, version=version, as_of=as_of, wanted=(one,))[0], draft)  # let go before it is read back
            yield Made(definition=one, report=machine.read(folder / f"{one.name}.json"), folder=folder, is_new=True)


def write(report: Report, folder: Path) -> list[Path]:
    """The files of one report."""
    return [workbook.save(report, folder / f"{report.name}.xlsx"), pdf.save(report, folder / f"{report.name}.pdf"),
            machine.save(report, folder / f"{report.name}.json")]


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        yield draft
        draft.chmod(0o755)
        if not folder.exists():
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _forget_old(shelf: Path, made: Made) -> None:
    own = sorted(shelf.glob(f"{made.definition.name}-????????-????-??-??-*"), key=lambda path: path.stat().st_mtime)
    for path in own[:-KEPT]:
        if path != made.folder:
            shutil.rmtree(path, ignore_errors=True)


@cache
def code_fingerprint() -> str:
    """Twelve digits of the SHA-256 over everything reports are made with: another program makes other reports."""
    digest = hashlib.sha256()
    for folder in CODE:
        found = (ROOT / folder).rglob("*") if (ROOT / folder).is_dir() else (ROOT / folder,)
        for path in sorted(path for path in found if path.suffix in {".py", ".sql", ".typ", ".yaml", ".csv"}):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
