"""An explanation of one pupil at the terminal."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.explain import Golden, Record, View, explain
from warehouse.explanation import Look

NOTHING = "–"


def shown(pupil_id: int, look: Look, version: int | None, out: Console, *, as_json: bool) -> None:
    """Print what the role may see; the look is recorded."""
    view = explain(pupil_id, look, version)
    if as_json:
        out.print_json(json.dumps(asdict(view), ensure_ascii=False))
        return
    _head(view, out)
    _golden(view, out)
    out.print(f"\n[bold]Записи ({len(view.records)})[/bold]")
    for record in view.records:
        _record(record, out)
    _listed("Решения людей", ("Записи", "Решение", "Кто", "Когда", "Почему"), [
        (one.about, one.verdict + (" (отменено позже)" if one.is_overruled else ""), one.by, one.at or NOTHING, one.reason) for one in view.decisions], out)
    _listed("Спорные случаи", ("Записи", "Возможный ребёнок", "Вес, бит", "Почему спорный", "С версии"), [
        (one.pair, str(one.candidate_pupil_id), one.weight or NOTHING, "; ".join(one.reasons), str(one.since)) for one in view.reviews], out)
    _listed("История", ("Версия", "На дату", "Записано", "Опубликовано", "Что произошло"), [
        (str(one.version), one.as_of or NOTHING, one.written or NOTHING, one.published or "ещё нет", "\n".join(one.events)) for one in view.history], out)
    out.print(f"[dim]Просмотр занесён в журнал доступа ({view.role}).[/dim]")


def _head(view: View, out: Console) -> None:
    out.rule(f"[bold]Ребёнок {view.pupil_id}[/bold]: {view.state}")
    if view.asked != view.pupil_id:
        out.print(f"[yellow]Идентификатор {view.asked} объединён с {view.pupil_id}; показан действующий.[/yellow]")
    out.print(f"версия {view.version}, опубликована {view.published_version}")
    for redirect in view.redirects:
        out.print(f"сюда ведёт идентификатор {redirect}")
    if not view.shows_values:
        out.print("[dim]Значения скрыты: эта роль видит ключи и коды.[/dim]")


def _golden(view: View, out: Console) -> None:
    _listed("Эталонная запись", ("Поле", "Значение", "Источник", "Правило", "Не согласны", "Записи, где иначе"), [
        (cell.title, _value(cell, view), f"{cell.source}, запись {cell.record_id}" if cell.source else NOTHING, cell.rule or NOTHING,
         f"{cell.disagreement} из {cell.sources}" if cell.sources else NOTHING, "\n".join(cell.others)) for cell in view.golden], out)


def _value(cell: Golden, view: View) -> str:
    return (cell.value or NOTHING) if view.shows_values or not cell.source else "скрыто"


def _record(record: Record, out: Console) -> None:
    out.print(f"\n[bold]запись {record.record_id}[/bold] · {escape(record.source)} · ключ {escape(record.source_key)}"
              + (" [red]тайна усыновления[/red]" if record.is_sealed else ""))
    against = f" с записью {record.evidence_record_id}" if record.evidence_record_id else ""
    out.print(f"  здесь с версии {record.since}: {escape(record.rule)}{against}, вес {record.weight or NOTHING}; {record.status}", markup=False)
    for part in record.parts:
        out.print(f"    {part.title:<36}{part.level:<28}{part.weight or NOTHING:>8}", markup=False)
    for title, value in record.values:
        out.print(f"  {title}: {value}", markup=False)
    out.print(f"  поставка {record.delivery}, получена {record.received or NOTHING}, место {record.position}", style="dim", markup=False)


def _listed(title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]], out: Console) -> None:
    if not rows:
        return
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*map(escape, row))
    out.print()
    out.print(table)
