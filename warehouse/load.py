"""Takes a staged delivery into the warehouse: one transaction, at most one version, one after another."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, text

from schemas.errors import ContractBroken
from schemas.expectations import REFUSED_SHARE, REFUSED_SHARE_FROM
from schemas.tables import STAGING
from schemas.warehouse import LEDGER_COUNTS
from warehouse import bulk, ledger, ledger_events, replay, staging
from warehouse.engine import engine, without_values
from warehouse.outcomes import Counts, Incoming
from warehouse.versions import current_version, serialise, write_version

log = logging.getLogger(__name__)

SCOPES: bulk.Columns = {"entity": "text", "organisation_key": "text", "date_from": "date", "date_to": "date"}
SETTLED = ("loaded", "duplicate")


def accept(delivery_id: str, folder: Path, *, is_renumbered: bool = False, decision: ledger_events.Decision | None = None,
           replay_of: str | None = None) -> dict[str, Any]:
    """Load what `transforms.stage` wrote into `folder`; returns the ledger's counts, `version` and `entities`.

    A delivery that is loaded already is not touched. `decision`: of the person who let it in. `replay_of`: it holds again what was refused of that
    delivery and enters the ledger with this load, or not at all (`warehouse.replay`).
    `is_renumbered`: keys in `quality.swapped_key` go to the records of the children they now denote.
    Raises ContractBroken when the files do not add up or too many rows are refused, WarehouseError when PostgreSQL refuses; nothing is kept then.
    """
    try:
        return _accept(delivery_id, folder, is_renumbered, decision, replay_of)
    except ContractBroken:  # it will be held; released, it is laid out anew
        staging.drop([delivery_id])
        raise


def _accept(delivery_id: str, folder: Path, is_renumbered: bool, decision: ledger_events.Decision | None, replay_of: str | None) -> dict[str, Any]:
    with without_values(), engine().begin() as connection:
        serialise(connection)
        if replay_of:
            replay.open_life(connection, delivery_id, replay_of)
        delivery = ledger.read_row(connection, delivery_id, lock=True)
        if delivery["state"] not in SETTLED:
            staging.make_ready(connection, delivery_id, folder)
            entities = _load(connection, dict(delivery), folder, is_renumbered)
            if not replay_of and not (decision and decision.overrules):
                _judge(entities)
            if replay_of:
                replay.close_lives(connection, delivery_id, folder)
            ledger_events.note(connection, delivery_id, decision)
            log.info("%s %s: %s", delivery["source"], delivery_id, entities)
        staging.forget(connection, [delivery_id])
        return _report(connection, delivery_id)


def _load(connection: Connection, delivery: dict[str, Any], folder: Path, is_renumbered: bool) -> dict[str, Counts]:
    version = current_version(connection) + 1
    connection.execute(text("CREATE TEMPORARY TABLE refused ON COMMIT DROP AS SELECT entity, position, source_key, rule, rule_version FROM staging.refused "
                            "WHERE delivery_id = :one"), {"one": delivery["delivery_id"]})
    scopes = json.loads((folder / "scopes.json").read_text("utf-8"))
    bulk.fill(connection, "scope", pa.Table.from_pylist(scopes, _scope_schema()), SCOPES)
    listed = folder / "left_out.parquet"
    bulk.fill(connection, "left_out", listed if listed.exists() else bulk.nothing(staging.REFUSED), staging.REFUSED)
    overtaken = _later_scopes(connection, delivery)
    by_entity: dict[str, int] = dict(connection.exec_driver_sql("SELECT entity, count(*) FROM refused GROUP BY entity").tuples().all())
    counts = {}
    for entity in STAGING:
        if (folder / f"{entity}.parquet").exists() or entity in by_entity or any(scope["entity"] == entity for scope in scopes):
            counts[entity] = Incoming(connection, STAGING[entity], delivery, version, overtaken, is_renumbered).load()
            counts[entity].refused += by_entity.get(entity, 0)
    _check(folder, counts)
    changed = any(count.loaded or count.withdrawn for count in counts.values())
    if changed:
        write_version(connection, version, "load", delivery["as_of"])
    _write_ledger(connection, delivery, counts, version if changed else version - 1)
    return counts


def _scope_schema() -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in SCOPES])


def _later_scopes(connection: Connection, delivery: dict[str, Any]) -> bool:
    """Collect scopes that a later delivery of this source was complete for; True if any later delivery was loaded."""
    parameters = {"source": delivery["source"], "received_at": delivery["received_at"]}
    connection.exec_driver_sql("""CREATE TEMPORARY TABLE later_scope ON COMMIT DROP AS
        SELECT entity, organisation_key, date_from, date_to FROM quality.delivery_scope JOIN quality.delivery USING (delivery_id)
        WHERE source = %(source)s AND state IN ('loaded', 'duplicate') AND received_at > %(received_at)s""", parameters)
    return bool(connection.exec_driver_sql("SELECT EXISTS (SELECT FROM quality.delivery WHERE source = %(source)s AND state IN ('loaded', 'duplicate') "
                                           "AND received_at > %(received_at)s)", parameters).scalar())


def _check(folder: Path, counts: dict[str, Counts]) -> None:
    """The files must say of themselves what they hold."""
    told = json.loads((folder / "counts.json").read_text("utf-8"))
    differing = [entity for entity in {*told, *counts} if told.get(entity, {}).get("received", 0) != (counts[entity].received if entity in counts else 0)]
    if differing:
        raise ContractBroken("staging.incomplete", f"rows of {sorted(differing)} differ from counts.json")


def _judge(counts: dict[str, Counts]) -> None:
    """The door's rule once more: only here it is known whose person nobody told of."""
    received, refused = (sum(getattr(count, name) for count in counts.values()) for name in ("received", "refused"))
    if received >= REFUSED_SHARE_FROM and refused > REFUSED_SHARE * received:
        raise ContractBroken("delivery.refused.share", f"{refused} of {received} records were refused")


def _write_ledger(connection: Connection, delivery: dict[str, Any], counts: dict[str, Counts], version: int) -> None:
    one = {"delivery_id": delivery["delivery_id"], "version": version}
    for entity, count in counts.items():
        connection.execute(text("INSERT INTO quality.delivery_entity (delivery_id, entity, received, loaded, created, updated, unchanged, superseded, refused, "
                                "withdrawn) VALUES (:delivery_id, :entity, :received, :loaded, :created, :updated, :unchanged, :superseded, :refused, :withdrawn)"),
                           {**one, "entity": entity, **asdict(count), "received": count.received, "loaded": count.loaded})
    connection.execute(text("INSERT INTO quality.refused_record SELECT CAST(:delivery_id AS uuid), entity, position, source_key, rule, rule_version, :version "
                            "FROM refused"), one)
    connection.execute(text("INSERT INTO quality.left_out_value SELECT CAST(:delivery_id AS uuid), entity, position, source_key, rule, rule_version "
                            "FROM left_out"), one)
    connection.execute(text("INSERT INTO quality.delivery_scope SELECT CAST(:delivery_id AS uuid), entity, organisation_key, date_from, date_to FROM scope"), one)
    sums = {name: sum(getattr(count, name) for count in counts.values()) for name in LEDGER_COUNTS}
    connection.execute(text(f"UPDATE quality.delivery SET state = 'loaded', held_code = NULL, held_message = NULL, version = :version, "  # noqa: S608
                            f"{', '.join(f'{name} = :{name}' for name in LEDGER_COUNTS)} WHERE delivery_id = :delivery_id"), one | sums)


def _report(connection: Connection, delivery_id: str) -> dict[str, Any]:
    row = ledger.read_row(connection, delivery_id)
    entities = connection.execute(text("SELECT * FROM quality.delivery_entity WHERE delivery_id = :one"), {"one": delivery_id}).mappings().all()
    return {"delivery_id": delivery_id, "state": row["state"], "version": row["version"], **{name: row[name] for name in LEDGER_COUNTS},
            "entities": {line["entity"]: {name: line[name] for name in (*LEDGER_COUNTS, "created", "updated")} for line in entities}}
