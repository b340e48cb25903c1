"""ЗАГС unasked: bulk packages at day 0, registries of the day's acts on every later day."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from connectors.mocks.smev.known import Known
from connectors.mocks.smev.markup import attribute, element
from connectors.mocks.smev.namespaces import DIRECTIVE
from connectors.mocks.smev.zags_kinds import KINDS, PushKind

RECORDS = 1_000
"""Records in one registry at most (the limit of the directive schema)."""
PARTS = 50
"""Parts in one bulk package at most: bounds one attachment to some 10 MB."""
_COUNT = "SELECT act_kind, count(*) FROM {acts} WHERE day = ? GROUP BY act_kind"
_ACTS = "SELECT * FROM {acts} WHERE day = ? AND act_kind = ? ORDER BY wire_key, version LIMIT ? OFFSET ?"


@dataclass(frozen=True)
class Package:
    """One push: acts of one kind and day, in the order of their numbers, from `start`."""

    act_kind: str
    day: int
    start: int
    count: int

    @property
    def is_bulk(self) -> bool:
        return self.day == 0

    @property
    def parts(self) -> int:
        return -(-self.count // RECORDS)


def packages(known: Known, day: int) -> list[Package]:
    """All pushes of one day, kind by kind."""
    with known.reading() as (_, connection):
        counts = dict(connection.execute(_COUNT.format(acts=known.acts), [day]).fetchall())
    size = RECORDS * PARTS if day == 0 else RECORDS
    return [Package(kind, day, start, min(size, counts[kind] - start)) for kind in KINDS if kind in counts for start in range(0, counts[kind], size)]


def registry(known: Known, package: Package, identifier: str) -> str:
    """`Request` with its registry, for a package of one part."""
    with known.reading() as (_, connection):
        acts = [act for batch in _batches(known, connection, package) for act in batch]
    return _request(KINDS[package.act_kind], identifier, known.date_of(package.day), acts)


def announcement(known: Known, package: Package, identifier: str) -> str:
    """`Request` of a bulk package: no registry, the number of files."""
    kind = KINDS[package.act_kind]
    return f"<z:Request{_opening(kind, identifier, known.date_of(package.day))}{attribute('КолФайлов', package.parts)}/>"


def write(known: Known, package: Package, identifier: str, path: Path) -> None:
    """The attachment of a bulk package, unless it is there already; memory is bounded by one part."""
    kind, draft = KINDS[package.act_kind], path.with_suffix(".draft")
    with known.reading() as (_, connection):
        if path.exists():
            return
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for number, acts in enumerate(_batches(known, connection, package), 1):
                document = _request(kind, identifier, known.date_of(package.day), acts)
                archive.writestr(_entry(number), f'<?xml version="1.0" encoding="UTF-8"?>\n{document}')
        draft.replace(path)


def names(package: Package) -> list[str]:
    return [_entry(number).filename for number in range(1, package.parts + 1)]


def _entry(number: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(f"part-{number:06d}.xml", (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _batches(known: Known, connection: DuckDBPyConnection, package: Package) -> Iterator[list[dict[str, Any]]]:
    result = connection.execute(_ACTS.format(acts=known.acts), [package.day, package.act_kind, package.count, package.start])
    columns = [column[0] for column in result.description]
    while rows := result.fetchmany(RECORDS):
        yield [dict(zip(columns, row, strict=True)) for row in rows]


def _opening(kind: PushKind, identifier: str, day: date) -> str:
    return f' xmlns:z="{kind.namespace}"{attribute("ИдСвед", identifier)}{attribute("ДатаСвед", day)}'


def _request(kind: PushKind, identifier: str, day: date, acts: list[dict[str, Any]]) -> str:
    records = "".join(
        f'<d:RegistryRecord>{element("d:RecordId", number)}<d:Record Id="record-{number}"><d:RecordContent>{kind.render(act)}</d:RecordContent>'
        f"</d:Record></d:RegistryRecord>" for number, act in enumerate(acts, 1))
    return (f'<z:Request{_opening(kind, identifier, day)} xmlns:f="{kind.types}" xmlns:d="{DIRECTIVE}">'
            f"<d:Registry>{records}</d:Registry></z:Request>")
