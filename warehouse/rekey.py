"""Parts a source's key from the record that bore it: the record keeps its child and its history, the key goes on under another record."""

# ruff: noqa: S608  every name below comes from the declarations

from __future__ import annotations

from sqlalchemy import Connection

from schemas.tables import FACTS
from schemas.warehouse import OPEN, TARGETS, Relation

KEYS = ("CREATE TEMPORARY TABLE parting (record_id bigint PRIMARY KEY, goes_on boolean NOT NULL, takes_content boolean NOT NULL, "
        "successor_record_id bigint, source text, source_key text, keeps_facts boolean NOT NULL DEFAULT false) ON COMMIT DROP")
_BARE = "ON CONFLICT (record_id) DO NOTHING"


def open_parting(connection: Connection) -> None:
    """Make `parting(record_id, goes_on, takes_content, …)`, empty, for one `part`.

    `goes_on`: a new record, `successor_record_id` afterwards, takes key and facts; with `takes_content` also what the source says now.
    `keeps_facts`: the facts stay with the record as they are.
    """
    connection.exec_driver_sql("DROP TABLE IF EXISTS parting")
    connection.exec_driver_sql(KEYS)


def part(connection: Connection, version: int) -> None:
    """Close the records of `parting` at `version` and leave them a key of their own; open those that go on; end the answers asked about any of them.

    Afterwards `parting` names the answers too, and the key each record had.
    """
    run, at = connection.exec_driver_sql, {"version": version}
    run("UPDATE parting SET source = record.source, source_key = record.source_key FROM identity.source_record AS record "
        "WHERE record.record_id = parting.record_id")
    run(f"""INSERT INTO parting SELECT DISTINCT answer.record_id, false, false, CAST(NULL AS bigint), answer.source, answer.source_key FROM parting
        JOIN identity.person_record AS answer ON answer.asked_source = parting.source AND answer.asked_key = parting.source_key
        WHERE answer.version_to = {OPEN} {_BARE}""")
    run("""UPDATE quality.question SET content_hash = '', asked_as_of = DATE '1900-01-01', asked_version = %(version)s
        FROM parting WHERE question_id = parting.source || ':' || parting.source_key""", at)
    run("UPDATE identity.source_record AS record SET source_key = concat(parting.source_key, '#', parting.record_id) FROM parting "
        "WHERE record.record_id = parting.record_id")
    run("INSERT INTO identity.source_record (source, source_key) SELECT source, source_key FROM parting WHERE goes_on ORDER BY record_id")
    run("UPDATE parting SET successor_record_id = record.record_id FROM identity.source_record AS record "
        "WHERE parting.goes_on AND record.source = parting.source AND record.source_key = parting.source_key")
    run("ANALYZE parting")
    _move(connection, TARGETS["person"], version, "takes_content")
    run("DELETE FROM parting WHERE keeps_facts")
    for name in FACTS:
        _move(connection, TARGETS[name], version, "goes_on")


def _move(connection: Connection, relation: Relation, version: int, which: str) -> None:
    """Close the open rows of parting records; repeat them under the successor where `which` says so."""
    named = {"record_id": "parting.successor_record_id", "version_from": str(version), "version_to": str(OPEN)}
    names = ", ".join(f'"{column}"' for column in relation.columns)
    values = ", ".join(named.get(column, f'old."{column}"') for column in relation.columns)
    run = connection.exec_driver_sql
    run(f"UPDATE {relation.full_name} AS old SET version_to = {version} FROM parting WHERE old.record_id = parting.record_id AND old.version_to = {OPEN}")
    run(f"INSERT INTO {relation.full_name} ({names}) SELECT {values} FROM {relation.full_name} AS old JOIN parting USING (record_id) "
        f"WHERE parting.{which} AND old.version_to = {version} AND old.version_from < {version}")
