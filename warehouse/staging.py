"""Records lie in `staging` while they are judged: laid out by COPY, refused by the rules' own SQL, gone once loaded or held."""

# ruff: noqa: S608  names come from the declarations and the catalogue of rules

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from sqlalchemy import Connection, make_url, text

from schemas.errors import ConfigurationError, ContractBroken
from schemas.expectations import condition
from schemas.fields import Type
from schemas.rules import GATE_SET, RULES, Rule
from schemas.tables import STAGING
from warehouse import bulk
from warehouse.engine import engine, url, without_values

REFUSED: bulk.Columns = {"entity": "text", "position": "text", "source_key": "text", "rule": "text", "rule_version": "integer"}
REFUSING: dict[str, tuple[Rule, ...]] = {entity: tuple(rule for rule in GATE_SET if rule.subject == entity and rule.severity == "refuse") for entity in STAGING}
"""Rules over records together that refuse, in the order in which one that breaks several names the first."""


def columns(entity: str) -> dict[str, Type]:
    """Types of the columns of one relation, in order."""
    return {name: STAGING[entity].field(name).type for name in STAGING[entity].columns}


def waiting(source: str) -> str:
    """SQL: what is laid out of a source and not judged yet (over staging.delivery)."""
    return f"delivery.source = '{source.replace(chr(39), chr(39) * 2)}' AND NOT delivery.is_judged"


def rows(entity: str, where: str, names: str = "staged.*, delivery.source, delivery.as_of") -> str:
    """SQL: the rows of one relation with source and day of their delivery; `where` over staging.delivery."""
    return f"SELECT {names} FROM staging.{entity} AS staged JOIN staging.delivery AS delivery USING (delivery_id) WHERE {where}"


def judged_at(source: str) -> tuple[str, str]:
    """(URL, schema) of a session in which `waiting_<entity>` is what is laid out of a source and not judged yet."""
    return make_url(url()).update_query_dict({"options": f"-c kontingent.source={source}"}).render_as_string(hide_password=False), "staging"


def broken_rows(rule: Rule, entity: str, where: str) -> str:
    """SQL: delivery_id and row of each row that breaks a rule."""
    return f'SELECT one.delivery_id, one."row" FROM ({rows(entity, where)}) AS one WHERE ({condition(rule)})'


def lay_out(connection: Connection, delivery_id: str, folder: Path) -> None:
    """Copy the Parquet of one delivery here, anew. ContractBroken when a file has other columns than declared or fewer rows than it says."""
    forget(connection, [delivery_id])
    connection.execute(text("INSERT INTO staging.delivery (delivery_id, source, as_of, is_judged) "
                            "SELECT delivery_id, source, as_of, false FROM quality.delivery WHERE delivery_id = :one"), {"one": delivery_id})
    refused = folder / "refused.parquet"
    connection.exec_driver_sql("CREATE TEMPORARY TABLE IF NOT EXISTS refusals (\"row\" bigint, entity text, position text, source_key text, rule text, "
                               "rule_version bigint) ON COMMIT DROP")
    connection.exec_driver_sql("TRUNCATE refusals")
    if bulk.append(connection, "refusals", refused, REFUSED) != pq.read_metadata(refused).num_rows:
        raise ContractBroken("staging.incomplete", "rows of refused differ from what the file says")
    connection.execute(text("INSERT INTO staging.refused SELECT CAST(:one AS uuid), entity, position, source_key, rule, rule_version FROM refusals"),
                       {"one": delivery_id})
    for entity in STAGING:
        file = folder / f"{entity}.parquet"
        if file.exists():
            _fill(connection, delivery_id, entity, file)


def _fill(connection: Connection, delivery_id: str, entity: str, file: Path) -> None:
    told = pq.read_metadata(file)
    if set(told.schema.to_arrow_schema().names) != set(STAGING[entity].columns):
        raise ContractBroken(f"{entity}.columns", f"the rows of {entity} have other columns than declared")
    laid_out = bulk.append(connection, f"staging.{entity}", file, columns(entity), delivery_id=delivery_id)
    if laid_out == told.num_rows:
        return
    with_nul = bulk.rows_with_nul(file, columns(entity)).to_pylist()
    if laid_out + len(with_nul) != told.num_rows:
        raise ContractBroken("staging.incomplete", f"rows of {entity} differ from what the file says")
    rule = RULES[f"{entity}.nul"]
    connection.execute(text("INSERT INTO staging.refused (delivery_id, entity, position, source_key, rule, rule_version) "
                            "VALUES (:delivery_id, :entity, :position, :source_key, :rule, :rule_version)"),
                       [{"delivery_id": delivery_id, "entity": entity, "rule": rule.id, "rule_version": rule.version, **row} for row in with_nul])


def refuse(connection: Connection, where: str, entities: Sequence[str], counted: Mapping[str, int] | None = None) -> int:
    """Move the rows that break a refusing rule from what is laid out to what is refused; returns their number.

    `counted`: unexpected rows by rule, as Great Expectations told them. ConfigurationError, naming the rule, when the rule's own SQL finds another number.
    """
    connection.exec_driver_sql('CREATE TEMPORARY TABLE found (delivery_id uuid, entity text, "row" bigint, rule text, rule_version bigint, place bigint) '
                               "ON COMMIT DROP")
    for entity in entities:
        for place, rule in enumerate(REFUSING[entity]):
            found = connection.exec_driver_sql(f"INSERT INTO found SELECT delivery_id, '{entity}', \"row\", '{rule.id}', {rule.version}, {place} "
                                               f"FROM ({broken_rows(rule, entity, where)}) AS broken").rowcount
            if counted is not None and found != counted.get(rule.id, 0):
                raise ConfigurationError("rule.count", f"rule {rule.id}: Great Expectations counted {counted.get(rule.id, 0)} rows, its own SQL selects {found}")
    moved = sum(_move(connection, entity) for entity in entities)
    connection.exec_driver_sql("DROP TABLE found")
    connection.exec_driver_sql(f"UPDATE staging.delivery SET is_judged = true WHERE {where}")
    return moved


def _move(connection: Connection, entity: str) -> int:
    return int(connection.exec_driver_sql(f"""
        WITH first AS (SELECT DISTINCT ON (delivery_id, "row") * FROM found WHERE entity = '{entity}' ORDER BY delivery_id, "row", place),
        gone AS (DELETE FROM staging.{entity} AS staged USING first WHERE staged.delivery_id = first.delivery_id AND staged."row" = first."row"
                 RETURNING staged.delivery_id, staged."row", staged.position, staged.source_key)
        INSERT INTO staging.refused (delivery_id, entity, position, source_key, rule, rule_version)
        SELECT delivery_id, entity, position, source_key, rule, rule_version FROM gone JOIN first USING (delivery_id, "row")""").rowcount)


def make_ready(connection: Connection, delivery_id: str, folder: Path) -> None:
    """See to it that one delivery is laid out and judged: after the record gate it is; released by a person, or after a crash of the server, it is not."""
    if connection.execute(text("SELECT is_judged FROM staging.delivery WHERE delivery_id = :one"), {"one": delivery_id}).scalar():
        return
    lay_out(connection, delivery_id, folder)
    refuse(connection, f"delivery.delivery_id = '{delivery_id}'", [entity for entity in STAGING if (folder / f"{entity}.parquet").exists()])


def forget(connection: Connection, delivery_ids: Sequence[str]) -> None:
    """Drop what is laid out of these deliveries."""
    for table in (*STAGING, "refused", "delivery"):
        connection.execute(text(f"DELETE FROM staging.{table} WHERE delivery_id = ANY(CAST(:ids AS uuid[]))"), {"ids": list(delivery_ids)})


# --- what the record gate calls, each in a transaction of its own ------------------------------------------------------


def begin(source: str) -> None:
    """Drop what a run that broke off left of this source."""
    with without_values(), engine().begin() as connection:
        left = connection.execute(text(f"SELECT delivery_id FROM staging.delivery WHERE {waiting(source)}")).scalars().all()
        if left:
            forget(connection, list(left))


def fill(delivery_id: str, folder: Path) -> None:
    """`lay_out`, committed."""
    with without_values(), engine().begin() as connection:
        lay_out(connection, delivery_id, folder)


def count(source: str) -> dict[str, int]:
    """Rows that wait to be judged, by entity (none is left out), with the planner told of them."""
    with without_values(), engine().begin() as connection:
        found = {entity: int(connection.exec_driver_sql(f"SELECT count(*) FROM ({rows(entity, waiting(source), 'staged.delivery_id')}) AS one").scalar_one())
                 for entity in STAGING}
        for table in ("delivery", *(entity for entity, number in found.items() if number)):
            connection.exec_driver_sql(f"SELECT core.refresh_statistics('staging.{table}')")
    return {entity: number for entity, number in found.items() if number}


def refused(source: str) -> dict[str, int]:
    """Refusals of cleaning in what waits to be judged, by rule."""
    with without_values(), engine().connect() as connection:
        found = connection.exec_driver_sql("SELECT rule, count(*) FROM staging.refused JOIN staging.delivery AS delivery USING (delivery_id) "
                                           f"WHERE {waiting(source)} GROUP BY rule")
        return {str(rule): int(number) for rule, number in found.tuples()}


def guilty(rule: Rule, entity: str, source: str) -> list[str]:
    """Deliveries with rows that break a rule."""
    with without_values(), engine().connect() as connection:
        found = connection.exec_driver_sql(f"SELECT DISTINCT delivery_id::text FROM ({broken_rows(rule, entity, waiting(source))}) AS broken ORDER BY 1")
        return list(found.scalars())


def settle(source: str, entities: Sequence[str], counted: Mapping[str, int], held: Sequence[str]) -> int:
    """Refuse what broke a rule in all that waits, then drop what is held; returns the refused."""
    with without_values(), engine().begin() as connection:
        moved = refuse(connection, waiting(source), entities, counted)
        forget(connection, list(held))
        return moved


def drop(delivery_ids: Sequence[str]) -> None:
    """`forget`, committed."""
    with without_values(), engine().begin() as connection:
        forget(connection, delivery_ids)


def sweep() -> None:
    """Drop rows of deliveries that are loaded or held (a crash came between), and give back the room of relations in which nothing lies."""
    with without_values(), engine().begin() as connection:
        left = connection.execute(text("SELECT delivery_id FROM staging.delivery JOIN quality.delivery AS known USING (delivery_id) "
                                       "WHERE known.state IN ('loaded', 'duplicate', 'held')")).scalars().all()
        if left:
            forget(connection, list(left))
        for entity in STAGING:
            _give_back(connection, entity)


def _give_back(connection: Connection, entity: str) -> Any:
    return connection.exec_driver_sql(f"""DO $$ BEGIN
        LOCK TABLE staging.{entity} IN ACCESS EXCLUSIVE MODE NOWAIT;
        IF NOT EXISTS (SELECT FROM staging.{entity}) THEN TRUNCATE staging.{entity}; END IF;
        EXCEPTION WHEN lock_not_available THEN NULL; END $$""")
