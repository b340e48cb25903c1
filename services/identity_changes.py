"""The change feed and where ids lead, at the terminal."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console

from pipeline.explain_words import event
from warehouse import changes, identity_ids


def listed(since: int, out: Console, *, as_json: bool) -> None:
    """Print the feed, a line a change, as it is read: it may be as long as the registry."""
    for change in changes.feed(since):
        line = json.dumps(change.as_row()) if as_json else (
            f"{change.version:>6}  {change.kind:<12}{event(change.kind, [change.record_id], change.from_pupil_id, change.to_pupil_id)}")
        out.print(line, markup=False, soft_wrap=True)


def resolved(pupil_id: int, version: int | None) -> dict[str, Any]:
    """Figures of one id: where it leads and whether records are there."""
    found = identity_ids.resolve(pupil_id, version)
    return {"asked": pupil_id, "pupil_id": found.pupil_id, "state": found.state}
