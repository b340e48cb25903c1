"""What one run did, in one page: received, loaded, refused, linked, and where the reports are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from warehouse import day

COUNTS = ("deliveries", "received", "loaded", "unchanged", "superseded", "refused", "replayed", "held")


def figures() -> dict[str, Any]:
    """The ledger's totals by source, the identity counters, the published version; `conservation_difference` must be 0."""
    return day.status()


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


def show(var: Path, *, good: bool, url: str, say: Callable[[str], None]) -> None:
    """The page after a run."""
    say("")
    table(figures(), Console(highlight=False, width=120))
    say(f"reports:   {var / 'portal' / 'current' / 'index.html'}")
    say(f"in the UI: {url}/plugin/portal")
    say("result:    every DAG run succeeded and every gate passed" if good else
        "result:    FAILED: a DAG run or a gate failed; see the lines above, `./kontingent status`, and the Airflow UI")
