"""From a cell of a report or table to the rule, the record, the delivery and the bytes it came in; shown as far as the role may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Any

from connectors import places
from connectors.landing import Delivery, Landing
from connectors.place import Place
from connectors.place_columns import raw_columns
from pipeline import trace_mask as mask
from pipeline.settings import settings
from schemas.errors import KontingentError
from warehouse import trace as origins
from warehouse import trace_figures as figures
from warehouse import trace_rows as rows
from warehouse.explanation import Look
from warehouse.trace import Finder, Origin, TraceRefused
from warehouse.trace_figures import Figure
from warehouse.trace_rows import Lead
from warehouse.trace_units import UNITS

LISTED = 1_000
"""Rows behind a figure that are listed; all are counted."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is traced and for whom; `record` chooses one of several rows, from 1."""

    table: str
    key: str
    column: str | None
    version: int | None
    record: int | None
    look: Look
    purpose: str | None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One value of the traced column in the bytes, or why it is not shown."""

    column: str
    member: str
    offset: int
    length: int
    value: str


@dataclass(frozen=True, kw_only=True)
class Bytes:
    """One fragment as the role may read it; offsets count decompressed bytes as received."""

    member: str
    path: str
    offset: int
    length: int
    delivery_offset: int | None
    is_cut: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class Traced:
    """The whole way. `origin` and `fragments` are missing where a figure lists several rows and none was chosen."""

    asked: str
    version: int
    role: str
    figure: Figure | None
    steps: tuple[tuple[str, str], ...]
    choices: tuple[dict[str, Any], ...]
    origin: Origin | None
    fragments: tuple[Bytes, ...]
    values: tuple[Shown, ...]
    note: str


def trace(asked: Asked) -> Traced:
    """Follow one cell. TraceRefused when there is no such cell or the role may not see it; `landing.tampered` when the file is not what came."""
    subject = " ".join(filter(None, (asked.table, asked.key if asked.key.isdigit() else None, asked.column)))[:200]
    try:
        with origins.finder(asked.look.role, asked.version) as finder:
            figure, lead = _lead(finder, asked)
            version = finder.version
    except TraceRefused as refused:  # who tries which child is there leaves a line too
        origins.note(asked.look, purpose=asked.purpose, subject=f"{subject}: {refused.code}", pupil_id=None)
        raise
    origin = lead.origin
    origins.note(asked.look, purpose=asked.purpose, subject=subject, pupil_id=origin.pupil_id if origin else None)
    fragments, values, note = _bytes(asked, origin) if origin else ((), (), "")
    return Traced(asked=" ".join(filter(None, (asked.table, asked.key, asked.column))), version=version, role=asked.look.role, figure=figure,
                  steps=lead.steps, choices=lead.choices[:LISTED], origin=origin, fragments=fragments, values=values, note=note)


def _lead(finder: Finder, asked: Asked) -> tuple[Figure | None, Lead]:
    if not asked.table.startswith("report/"):
        return None, rows.find(finder, asked.table, asked.key, asked.column, asked.record)
    if asked.column is None:
        raise TraceRefused("trace.column", "a cell of a report has a column")
    figure = figures.figure(finder, asked.table.removeprefix("report/"), asked.key, asked.column)
    unit = next(one for one in UNITS.values() if one.title == figure.unit)
    steps = ((asked.table, f"{figure.row}, {figure.column}: {figure.value}"), (figure.query, _compared(figure)))
    single = figure.counted is None and len(figure.rows) == 1
    if asked.record is None and not single:
        return figure, Lead(steps=steps, choices=tuple(figure.rows))
    return figure, rows.lead_on(finder, rows.pick(figure.rows, asked.record or 1), steps, unit.table, asked.column)


def _compared(figure: Figure) -> str:
    if figure.counted is None:
        return f"{figure.unit}: строк {len(figure.rows)}"
    sums = f" (строк {len(figure.rows)})" if figure.counted != len(figure.rows) else ""
    verdict = "равно числу в отчёте" if figure.is_equal else f"НЕ РАВНО числу в отчёте ({figure.value})"
    return f"{figure.unit}: сосчитано {figure.counted}{sums} – {verdict}"


def _bytes(asked: Asked, origin: Origin) -> tuple[tuple[Bytes, ...], tuple[Shown, ...], str]:
    role = asked.look.role
    if role != "auditor" and not origins.may_see(asked.look, origin):
        raise TraceRefused("trace.hidden", "no such record is known to this role")
    landing = Landing(settings().landing)
    landing.verify(origin.source, origin.sha256)
    if origin.position is None:
        return (), (), "строка говорит о поставке целиком: места в файле у неё нет"
    place = _place(landing, origin)
    if place is None:
        return (), (), f"место {origin.position} в этом файле не найдено"
    note = {"officer": "", "steward": "значения, которых реестр не читает, скрыты", "auditor": "значения, по которым узнают ребёнка, скрыты"}[role]
    return tuple(_part(one, role) for one in place.whole), tuple(_values(place, asked.column, role)), note


def _place(landing: Landing, origin: Origin) -> Place | None:
    delivery = Delivery(delivery_id=origin.delivery_id, source=origin.source, origin=origin.delivered_by, media=origin.media,  # type: ignore[arg-type]
                        sha256=origin.sha256, size_bytes=origin.size_bytes, received_at=origin.received_at, as_of="")

    def start() -> IO[bytes]:
        return landing.open(delivery)
    try:
        return places.find(origin.source, origin.media, start, origin.position or "")
    except KontingentError as error:
        if error.code.startswith("place."):
            return None
        raise


def _part(place: Place, role: str) -> Bytes:
    return Bytes(member=place.member, path=place.path, offset=place.offset, length=place.length, delivery_offset=place.delivery_offset, is_cut=place.is_cut,
                 text=mask.fragment(place, role))


def _values(place: Place, column: str | None, role: str) -> list[Shown]:
    """The values a column was made of, the likeliest raw column first."""
    wanted = raw_columns(column) if column else ()
    found = [(wanted.index(value.column), one, value) for one in place.whole for value in one.values if value.column in wanted]
    return [Shown(column=str(value.column), member=one.member, offset=one.offset + value.start, length=value.end - value.start,
                  value=value.text if mask.readable(value, role) else mask.HIDDEN) for _, one, value in sorted(found, key=lambda each: each[0])]
