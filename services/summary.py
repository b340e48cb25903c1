"""What one run did, in one page: received, loaded, refused, linked, and where the reports are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline import anchors, deadlines
from warehouse import day

COUNTS = ("deliveries", "received", "loaded", "unchanged", "superseded", "refused", "replayed", "held")


def figures() -> dict[str, Any]:
    """The ledger's totals by source, the identity counters, the published version, late sources, how far the trail is anchored.

    `conservation_difference` must be 0.
    """
    return day.status() | {"late": [asdict(one) for one in deadlines.late_now()], "trail": anchors.state()}


def table(found: dict[str, Any], console: Console) -> None:
    """The figures as a person reads them."""
    shown = Table(title="Ledger", title_justify="left")
    shown.add_column("source")
    for count in COUNTS:
        shown.add_column(count, justify="right")
    for source, counts in found["sources"].items():
        shown.add_row(source, *(f"{counts.get(count, 0):,}" for count in COUNTS))
    shown.add_section()
    shown.add_row("total", *(f"{found['total'].get(count, 0):,}" for count in COUNTS))
    console.print(shown)
    console.print(f"received − loaded − unchanged − superseded − refused = {found['conservation_difference']}")
    identity, published = found["identity"], found["published"]
    console.print(f"linked: {identity['records']:,} records are {identity['pupils']:,} children; {identity['reviews']:,} pairs wait for a person")
    console.print(f"published: version {published['version']} as of {published['as_of']}" if published else "published: nothing yet")
    for one in found["late"]:
        console.print(f"late: {one['source']} ({one['owner']}), due {one['due']}: {one['expected']} is not settled, the last was {one['settled'] or 'never'}")
    console.print(anchored(found["trail"]))


def anchored(trail: dict[str, Any]) -> str:
    """Where the trail stands and what is kept of it outside; a line to copy onto paper (`verify.py --held`)."""
    behind = f"; NOT ANCHORED in {', '.join(trail['behind'])}: see docs/audit.md" if trail["behind"] else ""
    return f"trail: {trail['entries']:,} lines; anchored {trail['anchored']}:{trail['hash']} at {trail['at']}{behind}"


def show(var: Path, *, good: bool, url: str, say: Callable[[str], None]) -> None:
    """The page after a run."""
    say("")
    table(figures(), Console(highlight=False, width=120))
    say(f"reports:   {var / 'portal' / 'current' / 'index.html'}")
    say(f"in the UI: {url}/plugin/portal")
    say("result:    every DAG run succeeded and every gate passed" if good else
        "result:    FAILED: a DAG run or a gate failed; see the lines above, `./kontingent status`, and the Airflow UI")
