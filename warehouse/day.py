"""What the steps of a day ask of the ledger and the register, and the counters they leave."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import insert, text

from schemas.warehouse import LEDGER_COUNTS, OPEN
from warehouse.engine import engine, without_values
from warehouse.tables import METADATA

RUN = "AIRFLOW_CTX_DAG_RUN_ID"
"""Airflow names its run in the environment of a task; by hand there is none."""


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """The register's row of one organisation, as far as a connector needs it."""

    organisation_key: str
    journal_url: str | None
    local_id: str | None


class Outcome(Protocol):
    """One expectation's outcome (`pipeline.gates.Result`)."""

    @property
    def gate(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def expectation(self) -> str: ...
    @property
    def column(self) -> str | None: ...
    @property
    def title(self) -> str: ...
    @property
    def success(self) -> bool: ...
    @property
    def evaluated(self) -> int: ...
    @property
    def unexpected(self) -> int: ...
    @property
    def severity(self) -> str: ...
    @property
    def rule_version(self) -> int: ...
    @property
    def source(self) -> str | None: ...
    @property
    def entity(self) -> str | None: ...
    @property
    def delivery_id(self) -> str | None: ...
    @property
    def version(self) -> int | None: ...
    @property
    def as_of(self) -> date | None: ...


def organisations(product: str) -> list[str]:
    """ОГРН of the organisations whose register row names this journal product, in order."""
    return [row[0] for row in _rows("SELECT organisation_key FROM core.organisation WHERE journal_product = :product "
                                    "AND version_to = :open ORDER BY organisation_key", product=product, open=OPEN)]


def organisation(organisation_key: str) -> Organisation | None:
    """The current register row of one organisation."""
    rows = _rows("SELECT journal_url, journal_local_id FROM core.organisation WHERE organisation_key = :key AND version_to = :open",
                 key=organisation_key, open=OPEN)
    return Organisation(organisation_key=organisation_key, journal_url=rows[0][0], local_id=rows[0][1]) if rows else None


def unread(source: str) -> list[dict[str, Any]]:
    """Ledger rows that were registered and never laid out (a crash in between), oldest first."""
    return [dict(row._mapping) for row in _rows(
        "SELECT delivery_id::text, source, origin, media, sha256, size_bytes, received_at::text, as_of::text FROM quality.delivery "
        "WHERE source = :source AND state IN ('received', 'failed') ORDER BY received_at", source=source)]


def to_judge(source: str) -> list[tuple[str, str]]:
    """(delivery, origin) of what is laid out and not judged yet, in order of receipt."""
    return [(row[0], row[1]) for row in _rows("SELECT delivery_id::text, origin FROM quality.delivery WHERE source = :source "
                                              "AND state = 'staged' ORDER BY received_at", source=source)]


def passed(source: str) -> list[str]:
    """Deliveries that passed their gates and wait to be loaded, also those whose load failed, in order of receipt."""
    return [row[0] for row in _rows("SELECT delivery_id::text FROM quality.delivery WHERE source = :source AND state IN ('passed', 'failed') "
                                    "ORDER BY received_at", source=source)]


def settled(delivery_ids: Sequence[str]) -> list[str]:
    """Those of these ids that are loaded or duplicates: their staging is of no more use."""
    return [row[0] for row in _rows("SELECT delivery_id::text FROM quality.delivery WHERE delivery_id::text = ANY(:ids) "
                                    "AND state IN ('loaded', 'duplicate')", ids=list(delivery_ids))]


def judged(delivery_ids: Sequence[str]) -> None:
    """Note that these deliveries passed the door and record gates."""
    _do("WITH moved AS (UPDATE quality.delivery SET state = 'passed' WHERE delivery_id::text = ANY(:ids) AND state = 'staged' RETURNING delivery_id, state) "
        "INSERT INTO quality.delivery_event (delivery_id, state) SELECT delivery_id, state FROM moved", ids=list(delivery_ids))


def held(source: str, as_of: date) -> list[tuple[str, str]]:
    """(delivery, code) of what is held of that day."""
    return [(row[0], row[1]) for row in _rows("SELECT delivery_id::text, held_code FROM quality.delivery WHERE source = :source "
                                              "AND as_of = :as_of AND state = 'held'", source=source, as_of=as_of)]


def last_as_of(source: str, origin: str) -> date | None:
    """The business date of the last loaded delivery of this sender."""
    found = _rows("SELECT max(as_of) FROM quality.delivery WHERE source = :source AND origin = :origin AND state IN ('loaded', 'duplicate')",
                  source=source, origin=origin)[0][0]
    return found if isinstance(found, date) else None


def last_persons(source: str, origin: str) -> int:
    """Person records in the last loaded delivery of this sender; 0 when there was none."""
    rows = _rows("SELECT e.received FROM quality.delivery d JOIN quality.delivery_entity e USING (delivery_id) WHERE d.source = :source "
                 "AND d.origin = :origin AND d.state IN ('loaded', 'duplicate') AND d.replay_of IS NULL AND e.entity = 'person' ORDER BY d.received_at DESC LIMIT 1",
                 source=source, origin=origin)
    return int(rows[0][0]) if rows else 0


def count_rows(relations: Sequence[str]) -> list[int]:
    """Rows of each: a table with its condition, or a query in brackets with its alias, as declared in `schemas.expectations`."""
    return [int(_rows(f"SELECT count(*) FROM {relation}")[0][0]) for relation in relations]  # noqa: S608


def store_results(results: Sequence[Outcome]) -> None:
    """Keep what the gates said: counts and rule ids."""
    rows = [{"run_id": _run(), "gate": one.gate, "subject_checked": one.subject, "suite": one.subject.split(" ")[0], "expectation": one.rule,
             "column_name": one.column, "kwargs": {"type": one.expectation, "title": one.title}, "success": one.success, "severity": one.severity,
             "evaluated": one.evaluated, "unexpected": one.unexpected, "as_of": one.as_of, "source": one.source, "entity": one.entity,
             "delivery_id": one.delivery_id, "version": one.version, "rule_version": one.rule_version} for one in results]
    if rows:
        with without_values(), engine().begin() as connection:
            connection.execute(insert(METADATA.tables["quality.validation_result"]), rows)


def note_step(step: str, source: str, as_of: date | None = None, **counters: float) -> None:
    """Keep what one step of the business day `as_of` cost: seconds, records_read, pairs_scored, rows_written, peak_memory_mb."""
    known = METADATA.tables["quality.run_step"].c.keys()
    row = {"run_id": _run(), "step": step, "source": source or None, "as_of": as_of, **{name: value for name, value in counters.items() if name in known}}
    with without_values(), engine().begin() as connection:
        connection.execute(insert(METADATA.tables["quality.run_step"]), [row])


def counts_of(delivery_ids: Sequence[str]) -> dict[str, int]:
    """The ledger's counts of some deliveries, and how many of them are held."""
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in LEDGER_COUNTS)
    row = _rows(f"SELECT count(*), {sums}, count(*) FILTER (WHERE state = 'held') FROM quality.delivery "  # noqa: S608 - declared names
                "WHERE delivery_id::text = ANY(:ids)", ids=list(delivery_ids))[0]
    return dict(zip(("deliveries", *LEDGER_COUNTS, "held"), map(int, row), strict=True))


def status() -> dict[str, Any]:
    """Totals by source and over all, each record once, the conservation difference (must be 0), identity counters, the published version.

    `replayed` records were refused first and came in by a replay; `refusals` are those that stand, by rule.
    """
    sums = ", ".join(f"coalesce(sum({name}) FILTER (WHERE state IN ('loaded', 'duplicate') AND replay_of IS NULL), 0)::bigint AS {name}" for name in LEDGER_COUNTS)
    rows = _rows(f"SELECT source, count(*) FILTER (WHERE replay_of IS NULL) AS deliveries, {sums}, "  # noqa: S608
                 "coalesce(sum(received - refused) FILTER (WHERE replay_of IS NOT NULL), 0)::bigint AS replayed, count(*) FILTER (WHERE state = 'held') AS held, "
                 "count(*) FILTER (WHERE state NOT IN ('loaded', 'duplicate', 'held')) AS waiting FROM quality.delivery GROUP BY source ORDER BY source")
    sources = {row[0]: dict(row._mapping) | {"source": row[0]} for row in rows}
    total = {name: sum(int(counts[name]) for counts in sources.values()) for name in ("deliveries", *LEDGER_COUNTS, "replayed", "held", "waiting")}
    identity = _rows("SELECT (SELECT count(*) FROM identity.link WHERE version_to = :open) AS records, "
                     "(SELECT count(*) FROM core.pupil WHERE version_to = :open) AS pupils, "
                     "(SELECT count(*) FROM identity.review WHERE version_to = :open) AS reviews", open=OPEN)[0]
    published = _rows("SELECT version, as_of, published_at FROM core.published_version WHERE version > 0")
    return {"sources": sources, "total": total, "identity": dict(identity._mapping),
            "refusals": {row[0]: int(row[1]) for row in _rows("SELECT rule, count(*) FROM quality.refused_record WHERE replayed_by IS NULL "
                                                              "GROUP BY rule ORDER BY 2 DESC, 1")},
            "conservation_difference": total["received"] - total["loaded"] - total["unchanged"] - total["superseded"] - total["refused"],
            "published": dict(published[0]._mapping) if published else None}


def _run() -> str:
    return os.environ.get(RUN, "by hand")


def _rows(query: str, **parameters: Any) -> list[Any]:
    with without_values(), engine().connect() as connection:
        return list(connection.execute(text(query), parameters).all())


def _do(statement: str, **parameters: Any) -> None:
    with without_values(), engine().begin() as connection:
        connection.execute(text(statement), parameters)
