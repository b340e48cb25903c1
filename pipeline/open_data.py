"""Open data: a release of one version, audited with all releases before it, and the audit of releases from their files alone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.measure import measured
from pipeline.settings import settings
from schemas.errors import ConfigurationError, GateFailed
from schemas.publication import publication
from warehouse import publish, trail
from warehouse.disclosure import bundle, reading
from warehouse.disclosure.cells import Release, tallied
from warehouse.engine import engine
from warehouse.reports.open_data import protected
from warehouse.reports.reader import snapshot


@dataclass(frozen=True, kw_only=True)
class Released:
    """A release as files: where it lies, whether it is new, how many cells it has and how many of them are hidden."""

    folder: Path
    is_new: bool
    cells: int
    hidden: int
    compared: int


def release(*, version: int | None, to: Path | None, by: str, ground: str) -> Released:
    """Build the release of a version in the folder of releases `to` and audit it with all that lie there; the trail tells of it before it is written.

    A release that is there already is made again with what it was compared with: it must come out byte for byte. GateFailed when the audit refuses.
    """
    wanted, as_of = publish.version_of(version)
    folder = (to or settings().var / "releases") / f"{as_of:%Y-%m-%d}-v{wanted}"
    others = _before(folder)
    with measured("open_data"):
        made, contents = _made(wanted, as_of, folder.name, others)
    is_new = not folder.exists()
    if is_new:
        trail.note_alone("loader", action="export", by=by, purpose="набор открытых данных", ground=ground,
                         subject=f"open data {made.name} {bundle.sha256(contents[bundle.PACKAGE])}")
        _write(folder, contents)
    elif any((folder / one).read_bytes() != content for one, content in contents.items()):
        raise GateFailed("release.differs", f"{folder} holds another release of this name: what was published once is never changed")
    tallies = [tallied(table, made.rules) for one in made.universes for table in one.tables]
    return Released(folder=folder, is_new=is_new, cells=sum(one["cells"] for one in tallies), hidden=sum(one["hidden"] for one in tallies), compared=len(others))


def _before(folder: Path) -> list[Path]:
    """The releases that one in `folder` is audited with: all that lie beside it, or those it was made with, when it was made before."""
    others = [path for path in folders([folder.parent]) if path.name != folder.name]
    if folder.exists():
        known = {one["name"] for one in reading.compared(folder)}
        others = [path for path in others if path.name in known]
    return others


def _made(version: int, as_of: date, name: str, others: Sequence[Path]) -> tuple[Release, dict[str, bytes]]:
    """The release and its files."""
    declared, earlier = publication(), reading.earlier([reading.read(path) for path in others])
    with snapshot(engine("loader"), version=version, as_of=as_of) as connection:
        found = protected(connection, declared, name, earlier)
    if not found:
        raise ConfigurationError("release.empty", f"version {version} counts no child that is published")
    ready = Release(name=name, as_of=as_of, version=version, rules=declared.rules, universes=tuple(one.universe for one in found))
    compared = [bundle.Compared(name=path.name, sha256=bundle.sha256((path / bundle.PACKAGE).read_bytes())) for path in others]
    narrowest = min((one.narrowest for one in found if one.narrowest is not None), default=None)
    return ready, bundle.files(ready, declared, compared, narrowest)


def audit(places: Sequence[Path]) -> dict[str, tuple[list[str], float | None]]:
    """For each universe, what an attacker finds who has all these releases (folders of releases or of their files), and the narrowest interval.

    Every release is held to the strictest width of them all; no warehouse is needed.
    """
    found = folders(places)
    if not found:
        raise ConfigurationError("release.none", "no release there: a release is a folder with datapackage.json")
    releases = [reading.read(path) for path in found]
    return reading.audit(releases, max((one.rules for one in releases), key=lambda rules: (rules.width, rules.small[1])))


def folders(places: Sequence[Path]) -> list[Path]:
    """Folders of releases among `places` and right below them."""
    inside = [path for place in places for path in ([place] if (place / bundle.PACKAGE).exists() else sorted(place.glob(f"*/{bundle.PACKAGE}")))]
    return sorted({path.parent if path.name == bundle.PACKAGE else path for path in inside})


def _write(folder: Path, contents: dict[str, bytes]) -> None:
    """All files or none."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        for name, content in contents.items():
            (draft / name).write_bytes(content)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
