"""The trace of one cell, as the terminal shows it."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.text import Text
from rich.tree import Tree

from pipeline.trace import Asked, Bytes, Traced, trace
from warehouse.trace import Origin

LINES = 20
"""Rows of a list that fit a screen; `--json` gives them all."""


def shown(asked: Asked, out: Console, *, as_json: bool) -> None:
    """Print the way from the cell to the bytes; the look is recorded."""
    traced = trace(asked)
    if as_json:
        out.print_json(json.dumps(asdict(traced), ensure_ascii=False, default=str))
        return
    out.print(_tree(traced), soft_wrap=False)
    if traced.choices and traced.origin is None:
        out.print("[dim]--record N показывает строку N до присланных байтов[/dim]")
    out.print(f"[dim]Прослеживание занесено в журнал доступа ({traced.role}).[/dim]")


def _tree(traced: Traced) -> Tree:
    root = Tree(f"[bold]{escape(traced.asked)}[/bold], версия {traced.version}")
    node = root
    for title, value in traced.steps:
        node = node.add(f"[cyan]{escape(title)}[/cyan]  {escape(value)}")
    for number, row in enumerate(traced.choices[:LINES], start=1):
        node.add(escape(f"{number}. " + ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)))
    if len(traced.choices) > LINES:
        node.add(f"… ещё {len(traced.choices) - LINES}")
    if traced.origin is not None:
        _origin(node, traced.origin, traced)
    return root


def _origin(node: Tree, origin: Origin, traced: Traced) -> None:
    file = node.add(f"[cyan]quality.delivery[/cyan]  {origin.delivery_id}, {escape(origin.source)}, от {escape(origin.delivered_by)}, получена {origin.received_at}"
                    + (f", повтор поставки {origin.replay_of}" if origin.replay_of else ""))
    place = file.add(f"[cyan]файл[/cyan]  SHA-256 {origin.sha256}, {origin.size_bytes} байт, {origin.media}: сверено, не изменён")
    if origin.position is not None:
        place = place.add(f"[cyan]место[/cyan]  {escape(origin.position)}")
    for part in traced.fragments:
        _fragment(place, part)
    for value in traced.values:
        where = f"{value.member}, байт {value.offset}, длина {value.length}"
        place.add(f"[green]значение[/green]  {escape(value.column)} = {escape(value.value)}  [dim]{escape(where)}[/dim]")
    if traced.note:
        place.add(f"[dim]{escape(traced.note)}[/dim]")


def _fragment(place: Tree, part: Bytes) -> None:
    where = f", в поставке с байта {part.delivery_offset}" if part.delivery_offset is not None else ""
    cut = ", показано начало" if part.is_cut else ""
    told = place.add(f"[cyan]{escape(part.member or 'файл целиком')}[/cyan]  {escape(part.path)}: байт {part.offset}, длина {part.length}{where}{cut}")
    told.add(Text(part.text.strip()))
