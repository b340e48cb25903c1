"""What a table and a key name: golden cells, stored rows, links, refused records, rows of marts; each leads on to its origin."""

# ruff: noqa: S608  names of tables and columns come from the declarations and the database's catalogue

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from schemas.mart_fields import MART_FIELDS
from schemas.warehouse import RELATIONS
from warehouse.trace import ENTITY, Finder, Origin, Row, TraceRefused

Fact = tuple[str, str]
_RESIDENCE = ("oktmo", "is_rural", "is_resident")
_MART_TABLES = {"school_roll": "core.enrolment", "contingent_conflict": "core.enrolment"}


@dataclass(frozen=True, kw_only=True)
class Lead:
    """What is known on the way, as (title, value), and where it goes on: an origin, or several rows of which one is to be chosen."""

    steps: tuple[Fact, ...]
    origin: Origin | None = None
    choices: tuple[Row, ...] = field(default=())


def find(finder: Finder, table: str, key: str, column: str | None, number: int | None) -> Lead:
    """The row of `table` that `key` names, as it is at the finder's version; TraceRefused `trace.table`, `trace.key`, `trace.column`."""
    if table in ("core.pupil", "core.pupil_cell"):
        return golden(finder, _number(key), column)
    if table.startswith("marts."):
        return _mart(finder, table.removeprefix("marts."), key, column, number)
    known: dict[str, Callable[[Finder, str, int | None], Lead]] = {"identity.link": _link, "quality.refused_record": _refused}
    if table in known:
        _check_column(table, column)
        return known[table](finder, key, number)
    if table not in ENTITY:
        raise TraceRefused("trace.table", f"no table {table} to trace: report/…, marts.…, core.…, identity.person_record, identity.link, quality.refused_record")
    _check_column(table, column)
    return _stored(finder, table, key, number)


def golden(finder: Finder, pupil_id: int, column: str | None) -> Lead:
    """The cell of a golden record: its rule and record; without a column, the cells to choose from."""
    if column is not None and column not in RELATIONS["core.pupil"].columns:
        raise TraceRefused("trace.column", f"core.pupil has no column {column}")
    cells = finder.rows("SELECT field, record_id, source, rule, disagreement, sources FROM core.pupil_cell WHERE pupil_id = :pupil "
                        "AND version_from <= :at AND version_to > :at ORDER BY field", pupil=pupil_id)
    if not cells:
        raise TraceRefused("trace.key", f"core.pupil has no row {pupil_id} in version {finder.version}")
    if column is None:
        return Lead(steps=(("core.pupil", f"ребёнок {pupil_id}"), ("ячеек", str(len(cells)))), choices=tuple(cells))
    cell = next((one for one in cells if one["field"] == column), None)
    if cell is None:
        raise TraceRefused("trace.column", f"pupil {pupil_id} has no value in {column} in version {finder.version}: no source told one")
    steps = (("core.pupil", f"ребёнок {pupil_id}, {column}"),
             ("core.pupil_cell", f"правило {cell['rule']}, запись {cell['record_id']} ({cell['source']}), не согласны {cell['disagreement']} из {cell['sources']}"))
    table, row = _cell_row(finder, cell)
    return Lead(steps=(*steps, _step(table, row)), origin=finder.origin(table, row, f"core.pupil_cell: {cell['rule']}"))


def _cell_row(finder: Finder, cell: Row) -> tuple[str, Row]:
    """The fact a golden cell was taken from where the person record has no such column, else the person record."""
    fact = "core.residence" if cell["field"] in _RESIDENCE else "core.citizenship" if cell["field"] == "citizenship" else ""
    rows = finder.stored(fact, record_id=cell["record_id"]) if fact else []
    if fact == "core.residence" and len(rows) > 1:
        living = finder.stored(fact, record_id=cell["record_id"], residence_kind="living")
        rows = living or rows
    if rows:
        return fact, rows[0]
    people = finder.stored("identity.person_record", record_id=cell["record_id"])
    if not people:
        raise TraceRefused("trace.key", f"record {cell['record_id']} is not known in version {finder.version}")
    return "identity.person_record", people[0]


def _stored(finder: Finder, table: str, key: str, number: int | None) -> Lead:
    """`source:source_key`, or the number of a record (which may have many facts)."""
    source, _, source_key = key.partition(":")
    by_record = key.isdigit() and "record_id" in RELATIONS[table].columns
    rows = finder.stored(table, **({"record_id": int(key)} if by_record else {"source": source, "source_key": source_key}))
    if not rows:
        raise TraceRefused("trace.key", f"{table} has no row {key} in version {finder.version} (source:source_key, or the number of a record)")
    return chosen(finder, table, rows, number)


def chosen(finder: Finder, table: str, rows: list[Row], number: int | None, steps: tuple[Fact, ...] = ()) -> Lead:
    """One of these stored rows; all of them to choose from when there are several and no number was named."""
    if number is None and len(rows) > 1:
        return Lead(steps=(*steps, (table, f"строк {len(rows)}")), choices=tuple(rows))
    row = pick(rows, number or 1)
    return Lead(steps=(*steps, _step(table, row)), origin=finder.origin(table, row))


def pick(rows: Any, number: int) -> Row:
    """The n-th, from 1. TraceRefused `trace.record`."""
    if not 1 <= number <= len(rows):
        raise TraceRefused("trace.record", f"--record is a number from 1 to {len(rows)}")
    return dict(rows[number - 1])


def _link(finder: Finder, key: str, _: int | None) -> Lead:
    links = finder.rows("SELECT record_id, pupil_id, rule, weight, evidence_record_id, link_status FROM identity.link WHERE record_id = :record "
                        "AND version_from <= :at AND version_to > :at", record=_number(key))
    rows = finder.stored("identity.person_record", record_id=_number(key))
    if not links or not rows:
        raise TraceRefused("trace.key", f"identity.link has no row {key} in version {finder.version} (the number of a record)")
    link = links[0]
    told = f"запись {link['record_id']} → ребёнок {link['pupil_id']}: правило {link['rule'] or 'единственная'}, вес {link['weight'] or '–'}"
    against = f", по записи {link['evidence_record_id']}" if link["evidence_record_id"] else ""
    return Lead(steps=(("identity.link", told + against), _step("identity.person_record", rows[0])),
                origin=finder.origin("identity.person_record", rows[0], f"identity.link: {link['rule'] or 'единственная'}"))


def _refused(finder: Finder, key: str, _: int | None) -> Lead:
    delivery, entity, position = (*key.split(":", 2), "", "")[:3]
    rows = finder.rows("SELECT delivery_id, entity, position, source_key, rule, rule_version FROM quality.refused_record "
                       "WHERE CAST(delivery_id AS text) = :delivery AND entity = :entity AND position = :position",
                       delivery=delivery, entity=entity, position=position)
    if not rows:
        raise TraceRefused("trace.key", "quality.refused_record has no such row (delivery:entity:position)")
    return refused(finder, rows[0])


def refused(finder: Finder, row: Row) -> Lead:
    """A refused record of the ledger."""
    told = f"{row['entity']}, место {row['position']}: правило {row['rule']}, версия {row['rule_version']}"
    return Lead(steps=(("quality.refused_record", told),),
                origin=finder.origin("quality.refused_record", row, f"отвергнуто: {row['rule']} (версия {row['rule_version']})"))


def _mart(finder: Finder, mart: str, key: str, column: str | None, number: int | None) -> Lead:
    """Rows of a mart that names records or pupils: `column=value[,column=value]`."""
    columns = finder.rows("SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass(:mart) AND attnum > 0", mart=f"marts.{mart}")
    names = [str(one["name"]) for one in columns]
    if not names or any(MART_FIELDS[name].sensitivity == "direct" for name in names):
        raise TraceRefused("trace.table", f"no mart {mart} to trace")
    told = dict(part.partition("=")[::2] for part in key.split(","))
    for name in (*told, *((column,) if column else ())):
        if name not in names:
            raise TraceRefused("trace.column", f"marts.{mart} has no column {name}; a key is column=value[,column=value]")
    condition = " AND ".join(f'CAST("{name}" AS text) = :key_{place}' for place, name in enumerate(told))
    rows = finder.rows(f'SELECT * FROM marts."{mart}" WHERE {condition} ORDER BY 1, 2, 3 LIMIT 10000',
                       **{f"key_{place}": value for place, value in enumerate(told.values())})
    if not rows:
        raise TraceRefused("trace.key", f"marts.{mart} has no such row in version {finder.version}")
    steps = ((f"marts.{mart}", f"строк {len(rows)}"),)
    if number is None and len(rows) > 1:
        return Lead(steps=steps, choices=tuple(rows))
    return lead_on(finder, pick(rows, number or 1), steps, _MART_TABLES.get(mart, f"core.{mart}"), column)


def lead_on(finder: Finder, row: Row, steps: tuple[Fact, ...], table: str, column: str | None = None) -> Lead:
    """From what a row names (a record, a pupil, a delivery) to its origin."""
    if row.get("rule_version") is not None and row.get("position") is not None:
        lead = refused(finder, row)
    elif row.get("record_id") is not None and table in ENTITY:
        same = {name: row[name] for name in ("record_id", "organisation_key", "grade", "class_letter", "valid_from")
                if name in row and name in RELATIONS[table].columns}
        lead = chosen(finder, table, finder.stored(table, **same), 1)
    elif row.get("pupil_id") is not None:
        field_name = row.get("field") or (column if column in RELATIONS["core.pupil"].columns else "birth_date")
        lead = golden(finder, int(row["pupil_id"]), str(field_name))
    elif row.get("delivery_id") is not None:
        entity = row.get("entity") or "–"
        lead = Lead(steps=(), origin=finder.origin("quality.delivery", row | {"entity": entity}))
    else:
        raise TraceRefused("trace.key", "this row is a sum: name the cell of the report instead (report/…), it lists what it counts")
    return Lead(steps=(*steps, *lead.steps), origin=lead.origin, choices=lead.choices)


def _step(table: str, row: Row) -> Fact:
    record = f"запись {row['record_id']}, " if row.get("record_id") is not None else ""
    return table, f"{record}{row['source']}, ключ {row['source_key']}, с версии {row['version_from']}"


def _number(key: str) -> int:
    if not key.isdigit():
        raise TraceRefused("trace.key", "the key of this table is a number")
    return int(key)


def _check_column(table: str, column: str | None) -> None:
    if column is not None and column not in RELATIONS[table].columns:
        raise TraceRefused("trace.column", f"{table} has no column {column}")
