"""The trail for an auditor: handed out as files, verified, listed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline import anchors
from pipeline.anchors import AnchorBroken
from pipeline.settings import settings
from schemas.errors import ConfigurationError
from schemas.trail import ACTIONS
from services import verify as program
from warehouse import trail, trail_read

PURPOSE = "проверка журнала доступа"


def export(folder: Path, *, by: str, ground: str) -> dict[str, Any]:
    """Write trail.ndjson, ledger.ndjson, anchors.ndjson and verify.py into an empty folder; the export is a line of the trail, and the last one anchored.

    ConfigurationError when the folder holds something. AnchorBroken when the trail is not what its anchors say: `verify` says where.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ConfigurationError("export.not_empty", f"{folder} is not empty: an export goes to a folder of its own")
    folder.mkdir(parents=True, exist_ok=True)
    trail.note_alone("auditor", action="export", by=by, purpose=PURPOSE, ground=ground, subject=f"trail to {folder.name}")
    last = anchors.drop("export")
    return _write(folder, last)


def verify(by: str, say: Callable[[str], object]) -> int:
    """Export what stands in the database to a folder of the moment and verify it with the landing folder; returns the program's exit status.

    The anchors are those of every place, as they are; this run adds one only where the trail is what they say.
    """
    with tempfile.TemporaryDirectory(prefix="kontingent-verify-") as made:
        folder = Path(made)
        trail.note_alone("auditor", action="export", by=by, purpose=PURPOSE, ground=PURPOSE, subject="trail, to verify it here")
        last, strict = _anchor(say)
        _write(folder, last)
        copies = [_cut(place / f"{last['chain_id']}.ndjson", last["anchor_id"], folder / f"anchors-{number}.ndjson")
                  for number, place in enumerate(anchors.folders()) if (place / f"{last['chain_id']}.ndjson").exists()]
        for delivery in (astray := trail_read.misfits()):
            say(f"НАРУШЕНО  поставка {delivery}: строка ведомости не та, что при получении, или её нет")
        status = program.main([str(folder / "trail.ndjson"), "--ledger", str(folder / "ledger.ndjson"), "--landing", str(settings().landing),
                               *(word for copy in copies for word in ("--anchors", str(copy))), *([] if strict else ["--growing"])], say)
        return status or int(bool(astray))


def listed(count: int, *, action: str | None, who: str | None, by: str) -> list[dict[str, Any]]:
    """The latest lines, newest first; the reading itself is the newest of them."""
    trail.note_alone("auditor", action="list", by=by, purpose=PURPOSE, ground=PURPOSE, subject="trail")
    return trail_read.latest(count, action, who)


def shown(rows: list[dict[str, Any]], out: Console) -> None:
    """Lines of the trail as a person reads them, newest first."""
    table = Table(title="Журнал доступа и действий", title_justify="left")
    for title in ("№", "когда", "роль", "кто", "действие", "над чем", "ребёнок", "цель", "основание"):
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(str(row["access_id"]), f"{row['at']:%Y-%m-%d %H:%M:%S}", row["role"], row["person_in_charge"], ACTIONS.get(row["action"], row["action"]),
                      row["subject_named"] or "", str(row["pupil_id"] or ""), row["purpose"], row["ground"])
    out.print(table)


def _anchor(say: Callable[[str], object]) -> tuple[dict[str, Any], bool]:
    """Where to verify up to, and whether an anchor must vouch for the end: not where the only fault is a place that cannot be written."""
    try:
        return anchors.drop("verify"), True
    except AnchorBroken:
        return asdict(trail_read.head()) | {"anchor_id": None}, True
    except OSError as error:
        say(f"замечание  отметка не записана: {error.strerror} {error.filename or ''}")
        return asdict(trail_read.head()) | {"anchor_id": None}, False


def _write(folder: Path, anchor: dict[str, Any]) -> dict[str, Any]:
    trail_read.export(folder, entries=anchor["entries"], deliveries=anchor["deliveries"])
    kept = anchors.folders()[0] / f"{anchor['chain_id']}.ndjson"
    if kept.exists():
        _cut(kept, anchor["anchor_id"], folder / "anchors.ndjson")
    shutil.copy(program.__file__, folder / "verify.py")
    return {"entries": anchor["entries"], "deliveries": anchor["deliveries"], "anchors": anchor["anchor_id"], "folder": str(folder)}


def _cut(anchors_file: Path, count: int | None, to: Path) -> Path:
    """So many anchors of a file (None: all): others may drop more meanwhile."""
    to.write_bytes(b"".join(anchors_file.read_bytes().splitlines(keepends=True)[:count]))
    return to
