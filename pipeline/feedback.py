"""Tells each sender what became of its delivery: an XML file and a workbook a delivery, in the shape of the exchange of the РС КО."""

from __future__ import annotations

import os
import re
import tempfile
from datetime import datetime
from pathlib import Path

from pipeline import feedback_workbook, feedback_xml
from pipeline.settings import settings
from warehouse import feedback

FORMS = {"xml": feedback_xml.write, "xlsx": feedback_workbook.write}
_UNSAFE = re.compile(r"[^\w.-]|^\.+")


def write(source: str) -> int:
    """Feedback on every settled delivery of a source that has none, or about which something happened since; returns how many were written.

    `var/feedback/<source>/<origin>/<delivery>.xml` and `.xlsx`; a file bears the time of the last event it tells of.
    """
    written = 0
    for delivery_id, origin, at in feedback.settled(source):
        folder = settings().var / "feedback" / source / _UNSAFE.sub("_", origin)[:120]
        if not all(_is_of(folder / f"{delivery_id}.{form}", at) for form in FORMS):
            write_one(delivery_id, folder)
            written += 1
    return written


def write_one(delivery_id: str, folder: Path) -> list[Path]:
    """Both files about one delivery in `folder`; the same state of the ledger gives the same bytes. ConfigurationError if it is not settled."""
    files = []
    with feedback.reading(delivery_id) as ledger:
        folder.mkdir(parents=True, exist_ok=True)
        for form, writer in FORMS.items():
            path = folder / f"{ledger.session.delivery_id}.{form}"
            handle, draft = tempfile.mkstemp(dir=folder, prefix=".draft-")
            os.close(handle)
            try:
                writer(ledger, Path(draft))
                os.utime(draft, ns=(_nanoseconds(ledger.session.settled_at),) * 2)
                Path(draft).replace(path)
            finally:
                Path(draft).unlink(missing_ok=True)
            files.append(path)
    return files


def _is_of(path: Path, at: datetime) -> bool:
    try:
        return path.stat().st_mtime_ns == _nanoseconds(at)
    except FileNotFoundError:
        return False


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp()) * 10**9 + at.microsecond * 1000
