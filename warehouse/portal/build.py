"""Builds the portal in a hidden folder and shows it in one step, so that a reader never sees half of it."""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Engine

from warehouse import reports
from warehouse.portal import assets, contents, dictionary, history, linkage, place_pages, quality, register, search, start, validation
from warehouse.reports import provenance, shelf
from warehouse.reports.catalogue import DEFINITIONS
from warehouse.reports.model import Report
from warehouse.reports.reader import snapshot
from warehouse.reports.titles import SOURCE_TITLES

log = logging.getLogger(__name__)
CURRENT = "current"
SHELF = ".reports"
"""Folder of the reports that were made, beside the portals that show them."""
KEPT = 7
"""Built portals that stay on disk; any of them can be made again from its version."""
SITE = (("index.html", "Главная"), ("reports.html", "Отчёты"), ("places.html", "Районы и организации"), ("checks/index.html", "Проверки"),
        ("quality.html", "Качество данных"), ("linkage.html", "Отождествление"), ("dictionary.html", "Словарь"), ("search.html", "Поиск"))


def build_portal(engine: Engine, version: int, as_of: date, out: Path, progress: Callable[[shelf.Made], None] | None = None) -> Path:
    """Build the pages of `version` on `as_of` and point `out/current` at them; returns the folder of the pages."""
    out.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=out))
    try:
        made = shelf.take(engine, DEFINITIONS, version=version, as_of=as_of, shelf=out / SHELF, progress=progress)
        with snapshot(engine, version=version, as_of=as_of) as connection:
            _pages(connection, version, as_of, draft, made, history.read(connection, version=version, as_of=as_of, folder=out / history.FOLDER))
        shown = _settle(draft, out, f"{version:08d}-{as_of:%Y-%m-%d}-{fingerprint(draft)[:12]}")
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    point(out / CURRENT, shown)
    _forget_old(out, shown)
    log.info("portal of version %d: %d files", version, sum(1 for path in shown.rglob("*") if path.is_file()))
    return shown


def _pages(connection: Connection, version: int, as_of: date, folder: Path, made: tuple[shelf.Made, ...], moments: list[history.Moment]) -> None:
    about = provenance.read(connection, version=version, as_of=as_of, titles=SOURCE_TITLES)
    files = folder / "files"
    files.mkdir()
    assets.write(folder / assets.FOLDER)
    for one in made:
        _page(one.report, folder)
        for kind in shelf.KINDS:
            shutil.copyfile(one.file(kind), files / one.file(kind).name)
    described = dictionary.report(connection, about)
    _page(described, folder)
    shelf.write(described, files)
    shown = tuple(one.report for one in made)
    every = register.organisations(connection)
    places = place_pages.Shelf(reports=shown, municipalities=register.municipalities(connection, every), organisations=every, moments=moments,
                               version=version, as_of=as_of, site=SITE)
    place_pages.write(folder, places)
    pages = (("index.html", start.page(connection, about, places)), ("reports.html", contents.page(shown, about, site=SITE)),
             ("quality.html", quality.page(connection, about, site=SITE)), ("linkage.html", linkage.page(connection, about, site=SITE)))
    for name, html in pages:
        (folder / name).write_text(html, encoding="utf-8")
    validation.write(connection, folder, version=version, as_of=as_of, site=SITE)
    (folder / "search.html").write_text(search.page(places, described, folder), encoding="utf-8")


def _page(report: Report, folder: Path) -> None:
    (folder / f"{report.name}.html").write_text(reports.as_html(report, files="files/", site=SITE), encoding="utf-8")


def fingerprint(folder: Path) -> str:
    """SHA-256 over names and bytes of every file of a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _settle(draft: Path, out: Path, name: str) -> Path:
    final = out / name
    if not final.exists():
        draft.chmod(0o755)
        draft.rename(final)
    final.touch()
    return final


def point(link: Path, target: Path) -> None:
    """Make `link` a symbolic link to its neighbour `target`, replacing the former one in one step."""
    draft = link.with_name(f".{link.name}-{target.name}")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target.name)
    draft.replace(link)


def _forget_old(out: Path, shown: Path) -> None:
    built = sorted((path for path in out.iterdir() if path.is_dir() and not path.is_symlink() and path.name[:8].isdigit() and path != shown),
                   key=lambda path: path.stat().st_mtime)
    for path in built[:-(KEPT - 1)]:
        shutil.rmtree(path)
