"""Clerical review at the terminal: the list, two records side by side, and one case after another."""

from __future__ import annotations

import json

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline import review as step
from schemas.review import OPINIONS, ReviewRefused
from transforms import review_words as words

AGREEMENT = {"equal": "[green]совпадает[/green]", "differs": "[red]различается[/red]", "one_missing": "только в одной"}
NEED = {"first": "первое мнение", "second": "второе, независимое", "third": "третье, решающее"}
KEYS = {"s": "same", "d": "different", "u": "unsure"}


def listed(person: str | None, out: Console, *, as_json: bool) -> None:
    """Print what is open (for this person)."""
    entries = step.work_list(person)
    if as_json:
        out.print_json(json.dumps([{"case": entry.case.key, "kind": entry.case.kind, "weight": entry.case.weight, "reasons": entry.case.reasons,
                                    "need": entry.need, "proposal": entry.proposal} for entry in entries], ensure_ascii=False))
        return
    table = Table("Случай", "Почему спорный", "Вес", "Предложение", "Нужно")
    for entry in entries:
        weight = "–" if entry.case.weight is None else f"{entry.case.weight:.1f}"
        table.add_row(entry.case.key, escape("; ".join(words.reason(code).title for code in entry.case.reasons)), weight,
                      OPINIONS[entry.proposal] if entry.proposal and entry.proposal != "unsure" else "–", NEED[entry.need])
    out.print(table)
    out.print(f"открыто: {len(entries)}")


def shown(key: str, role: str, person: str, out: Console) -> None:
    """Print one case as the role may see it."""
    view = step.look(key, role, person)
    for reason in () if view.case.is_blind else view.reasons:
        out.print(f"• {escape(reason.title)}" + (f" [dim]({escape(reason.advice)})[/dim]" if reason.advice else ""))
    if view.proposal and view.proposal != "unsure":
        out.print(f"предложение: [bold]{OPINIONS[view.proposal]}[/bold]")
    table = Table("Сведение", *(escape(f"{title}, ключ {key}") for title, key in view.records), "Сличение", title=f"Случай {view.case.key}: {NEED[view.need]}")
    hidden = "–" if role == "steward" else "скрыто"
    for line in view.lines:
        table.add_row(line.title, escape(line.left or hidden), escape(line.right or hidden), AGREEMENT[line.agreement])
    out.print(table)
    for part in view.parts:
        out.print(f"{part.title:<28}{part.level}" + ("" if part.weight is None else f"  {part.weight:+.1f} бит"), markup=False)


def one_by_one(person: str, out: Console) -> None:
    """Show each open case and take the answer; `p` passes, `q` ends."""
    for entry in step.work_list(person):
        out.rule(entry.case.key)
        try:
            shown(entry.case.key, "steward", person, out)
            answer = typer.prompt("s – один ребёнок, d – разные, u – не могу решить, p – пропустить, q – закончить").strip().lower()
            if answer == "q":
                return
            if answer in KEYS:
                done = step.decide(entry.case.key, KEYS[answer], typer.prompt("почему"), person)
                out.print(f"{done['state']}" + (f", нужно: {NEED[done['need']]}" if done["need"] else ""))
        except ReviewRefused as refused:
            out.print(f"[red]{escape(str(refused))}[/red]")
    out.print("открытых случаев для вас больше нет")
