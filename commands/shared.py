"""What all commands share: where they print, options with one meaning, the warehouse up for one command."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console

from pipeline.settings import settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="ГИС «Контингент», regional segment: the pipeline's steps without Airflow, and the whole of it.")
WIDTH = None if sys.stdout.isatty() else 120
"""Columns of a table that goes to a file or a pipe."""
out = Console(highlight=False, soft_wrap=True, width=WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)
Json = Annotated[bool, typer.Option("--json", help="Print figures for machines.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides; KONTINGENT_USER or the account when not given.")]
Publish = Annotated[bool, typer.Option("--publish", help="Run the warehouse gate and publish, too.")]


@contextmanager
def warehouse() -> Iterator[None]:
    """The warehouse up for one command: an embedded server that was down is stopped again."""
    from services import databases
    from services.run import today_of
    os.environ.setdefault("KONTINGENT_TODAY", today_of(settings().var).isoformat())
    with databases.session(settings().var):
        yield


def numbers(given: str) -> list[int]:
    """Record numbers with commas between; BadParameter if they are not."""
    try:
        return [int(one) for one in given.split(",")]
    except ValueError:
        raise typer.BadParameter("record numbers with commas between: 5,6,7") from None


def person() -> str:
    """Who works here: KONTINGENT_USER or the account."""
    return os.environ.get("KONTINGENT_USER") or os.environ.get("USER") or "unknown"


def show(figures: dict[str, Any], as_json: bool) -> None:
    """Print figures for a person, or for machines."""
    if as_json:
        out.print_json(json.dumps(figures, ensure_ascii=False, default=str))
        return
    for name, value in figures.items():
        out.print(f"{name:<28}{value:,}" if isinstance(value, int) else f"{name:<28}{value}")
