"""The heat matrix: what each source's day was like, at a glance and in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from warehouse.portal.validation.findings import Tally
from warehouse.portal.validation.ledger import Ledger, by
from warehouse.portal.validation.model import Matrix, Square
from warehouse.portal.validation.words import run_link, source_link, sums
from warehouse.reports.wording import counted, number

SHOWN = 30
"""Runs across; all of them are on the pages of the sources."""
KINDS = (("bad", "поставка задержана или публикация остановлена"), ("refused", "отвергнуты записи (их число)"), ("warn", "предупреждение"),
         ("waiting", "в разборе"), ("good", "всё прошло"), ("none", "поставки не было"))


def days_of(ledger: Ledger, checked: Sequence[Tally]) -> dict[tuple[str, date], Square]:
    """The square of every source and run that left a trace."""
    deliveries = {(row.source, row.as_of): row for row in ledger.day_source}
    checks = by(checked, lambda row: (row.source, row.as_of))
    made = {}
    for key in deliveries.keys() | checks.keys():
        found, asked = deliveries.get(key), sums(checks[key], "passed", "warned", "refusing", "stopped")
        held, refused, waiting = (getattr(found, name, 0) for name in ("held", "refused", "waiting"))
        made[key] = _square(held=held, refused=refused, waiting=waiting, warned=asked["warned"], stopped=asked["stopped"],
                            received=getattr(found, "received", 0), deliveries=getattr(found, "deliveries", 0), passed=asked["passed"])
    return made


def _square(*, held: int, refused: int, waiting: int, warned: int, stopped: int, received: int, deliveries: int, passed: int) -> Square:
    parts = [counted(held, "поставка задержана", "поставки задержаны", "поставок задержано") if held else "",
             counted(stopped, "проверка остановила", "проверки остановили", "проверок остановили") if stopped else "",
             f"отвергнуто {number(refused)}" if refused else "",
             counted(warned, "предупреждение", "предупреждения", "предупреждений") if warned else "",
             counted(waiting, "поставка в разборе", "поставки в разборе", "поставок в разборе") if waiting else "",
             f"получено {number(received)}" if deliveries else "", f"проверок пройдено {number(passed)}" if passed else ""]
    words = ", ".join(filter(None, parts))
    if held or stopped:
        return Square(text=f"✕{held or stopped}", words=words, kind="bad")
    if refused:
        return Square(text=short(refused), words=words, kind="refused")
    if warned:
        return Square(text="!", words=words, kind="warn")
    return Square(text="…", words=words, kind="waiting") if waiting else Square(text="✓", words=words, kind="good")


def short(count: int) -> str:
    """A count that fits a small square: 950, 12т, 3м."""
    for unit, sign in ((1_000_000, "м"), (1_000, "т")):
        if count >= unit:
            return f"{count // unit}{sign}"
    return str(count)


def matrix(ledger: Ledger, squares: dict[tuple[str, date], Square]) -> Matrix:
    """Sources down, the last runs across, the newest first; the warehouse and the forms below the sources."""
    days = ledger.days[:-SHOWN - 1:-1]
    whole = [name for name in ("warehouse", "form") if any((name, one) in squares for one in days)]
    nothing = Square(text="·", words="поставки не было", kind="none")
    rows = tuple((source_link(source), tuple(squares.get((source, one), nothing) for one in days)) for source in (*ledger.sources, *whole))
    return Matrix(name="matrix", title="Источники по дням", days=tuple((one, run_link(ledger, one)) for one in days), rows=rows,
                  note=f"Последние запуски, новые слева, не больше {SHOWN}. Знак квадрата – худшее из случившегося за день.")
