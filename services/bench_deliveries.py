"""Two days of deliveries drawn from records with known persons: nearly all of them, then some hundred changes, as `transforms.stage` would lay them out."""

# ruff: noqa: S608  columns come from the declarations, numbers are ours

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from schemas.tables import STAGING

KINDS = {"family_name": 0.3, "birth_date": 0.15, "snils": 0.2, "given_name": 0.15, "new": 0.15}
"""Which share of the changes is what; what remains is withdrawn."""
_PERSON = STAGING["person"]
_CONTENT = ", ".join(f'"{column}"' for column in _PERSON.content)
_TEXTS = ", ".join(f'CAST("{column}" AS VARCHAR)' for column in _PERSON.content)
_HASH = f"md5(CAST([{_TEXTS}] AS VARCHAR))"
_STAGED = f"source_key, CAST(0 AS BIGINT) AS sequence, {_HASH} AS record_hash, 'row ' || source_key AS position, {_CONTENT}"
_SHOW = {"text": "VARCHAR", "integer": "BIGINT", "date": "DATE"}
_GIVEN = ", ".join(f'CAST("{column}" AS {_SHOW[_PERSON.field(column).type]}) AS "{column}"' for column in _PERSON.content)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One delivery as the ledger registers it, and its staged folder."""

    delivery_id: str
    source: str
    received_at: str
    as_of: str
    folder: Path
    origin: str = "bench"
    media: str = "csv"
    sha256: str = ""
    size_bytes: int = 1


class Deliveries:
    """`first()` has all records but those of the newcomers, `second()` has what changed; `changes` counts it by kind."""

    def __init__(self, records: Path, folder: Path, changes: int) -> None:
        """`records`: a folder of `link_records.synthesise`; `changes`: records that are changed, new or withdrawn on the second day."""
        self._folder = folder
        self._session = duckdb.connect(str(folder / "drawn.duckdb"))
        self._session.execute(f"CREATE TABLE given AS SELECT source, source_key, {_GIVEN}, person_id, hash(record_id) AS draw "
                              "FROM read_parquet($1) JOIN (SELECT record_id, person_id FROM read_parquet($2)) USING (record_id)",
                              [str(records / "records.parquet"), str(records / "truth.parquet")])
        self._draw({kind: max(1, round(share * changes)) for kind, share in KINDS.items()}, changes)
        self.changes = {kind: int(count) for kind, count in self._rows("SELECT kind, count(*) FROM chosen GROUP BY kind ORDER BY kind")}

    def first(self) -> Iterator[Delivery]:
        """Day 0, source by source."""
        for source in self._sources("given"):
            query = f"SELECT {_STAGED} FROM given ANTI JOIN newcomer USING (source, source_key) WHERE source = '{source}'"
            yield self._delivery(0, source, query)

    def second(self) -> Iterator[Delivery]:
        """Day 1: new content of known keys, persons nobody knew, and one organisation whose list lacks some it had."""
        for source in self._sources("chosen"):
            yield self._delivery(1, source, f"SELECT {_STAGED} FROM told WHERE source = '{source}'", self._left(source))

    def close(self) -> None:
        self._session.close()

    def _draw(self, counts: dict[str, int], changes: int) -> None:
        run = self._session.execute
        run(_NEWCOMER, [counts["new"]])
        run(_CHOSEN_NEW)
        run(_LEAVER, [changes - sum(counts.values())])
        ends = [sum(counts[kind] for kind in list(KINDS)[:place + 1]) for place in range(len(KINDS) - 1)]
        run(_CHOSEN_CHANGED, {f"end_{place}": end for place, end in enumerate(ends)})
        run(_TOLD)

    def _left(self, source: str) -> str | None:
        found = self._rows(f"SELECT organisation_key FROM leaver WHERE source = '{source}' LIMIT 1")
        return str(found[0][0]) if found else None

    def _delivery(self, day: int, source: str, query: str, organisation_key: str | None = None) -> Delivery:
        folder = self._folder / f"day{day}-{source}"
        folder.mkdir()
        self._session.sql(query).write_parquet(str(folder / "person.parquet"))
        count = self._rows(f"SELECT count(*) FROM read_parquet('{folder / 'person.parquet'}')")[0][0]
        self._session.sql("SELECT '' AS entity, '' AS position, '' AS source_key, '' AS rule, CAST(0 AS BIGINT) AS rule_version LIMIT 0"
                          ).write_parquet(str(folder / "refused.parquet"))
        scopes = [{"entity": "person", "organisation_key": organisation_key, "date_from": None, "date_to": None}] if organisation_key else []
        (folder / "scopes.json").write_text(json.dumps(scopes), "utf-8")
        (folder / "counts.json").write_text(json.dumps({"person": {"received": count}}), "utf-8")
        return Delivery(delivery_id=str(uuid.uuid4()), source=source, received_at=f"2026-09-0{day + 1}T03:00:00+08:00", as_of=f"2026-09-0{day + 1}",
                        folder=folder, sha256=f"{day}{source}")

    def _sources(self, table: str) -> list[str]:
        return [row[0] for row in self._rows(f"SELECT DISTINCT source FROM {table} ORDER BY source")]

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._session.sql(query).fetchall()


_NEWCOMER = """
    CREATE TABLE newcomer AS
    SELECT source, source_key FROM given WHERE person_id IN (
        SELECT person_id FROM (
            SELECT person_id, sum(count(*)) OVER (ORDER BY hash(person_id), person_id) - count(*) AS before FROM given
            WHERE person_id < 1_000_000_000 GROUP BY person_id QUALIFY before < $1))"""
_CHOSEN_NEW = "CREATE TABLE chosen AS SELECT source, source_key, 'new' AS kind FROM newcomer"
_LEAVER = """
    CREATE TABLE leaver AS
    WITH place AS (
        SELECT source, organisation_key FROM given WHERE organisation_key IS NOT NULL GROUP BY source, organisation_key
        ORDER BY count(*) DESC, source, organisation_key LIMIT 1)
    SELECT source, source_key, organisation_key, 'withdrawn' AS kind FROM given JOIN place USING (source, organisation_key)
    ANTI JOIN newcomer USING (source, source_key) ORDER BY draw LIMIT $1"""
_CHOSEN_CHANGED = """
    INSERT INTO chosen
    SELECT source, source_key, CASE WHEN place <= $end_0 THEN 'family_name' WHEN place <= $end_1 THEN 'birth_date' WHEN place <= $end_2 THEN 'snils'
        ELSE 'given_name' END
    FROM (SELECT source, source_key, row_number() OVER (ORDER BY draw DESC, source, source_key) AS place FROM given
          ANTI JOIN newcomer USING (source, source_key) ANTI JOIN leaver USING (source, source_key)
          WHERE family_name IS NOT NULL AND given_name IS NOT NULL AND birth_date IS NOT NULL AND person_id < 1_000_000_000)
    WHERE place <= $end_3
    UNION ALL SELECT source, source_key, kind FROM leaver"""
_TOLD = """
    CREATE TABLE told AS
    WITH stay AS (
        SELECT given.source, given.source_key, 'same' AS kind FROM given JOIN (SELECT DISTINCT source, organisation_key FROM leaver) USING (source, organisation_key)
        ANTI JOIN chosen USING (source, source_key)
    ), other AS (
        SELECT family_name AS other_family, snils AS other_snils, row_number() OVER (ORDER BY draw) AS place FROM given WHERE snils IS NOT NULL LIMIT 1000
    ), asked AS (
        SELECT *, row_number() OVER (ORDER BY source, source_key) % (SELECT count(*) FROM other) + 1 AS place
        FROM (FROM chosen WHERE kind <> 'withdrawn' UNION ALL FROM stay)
    )
    SELECT given.* REPLACE (
        CASE WHEN kind = 'family_name' THEN other_family ELSE given.family_name END AS family_name,
        CASE WHEN kind = 'given_name' THEN left(given.given_name, -1) || 'Ъ' ELSE given.given_name END AS given_name,
        CASE WHEN kind = 'birth_date' THEN given.birth_date + 1 ELSE given.birth_date END AS birth_date,
        CASE WHEN kind <> 'snils' THEN snils WHEN snils IS NULL THEN other_snils END AS snils)
    FROM given JOIN asked USING (source, source_key) JOIN other USING (place)"""
