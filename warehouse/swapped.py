"""What keys meant before, the evidence against a delivery that gave them to other children, and what a person decided about it."""

# ruff: noqa: S608  every name below comes from the declarations

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from sqlalchemy import Connection, text

from schemas.fields import FIELDS
from schemas.warehouse import OPEN
from warehouse import bulk
from warehouse.engine import engine, without_values
from warehouse.rekey import open_parting, part

HELD = "identity.keys_swapped"
WAITING = "identity.keys_waiting"
"""Code of what came beside such a delivery: its keys mean we do not know whom."""
RETURNED = "identity.keys_returned"
_EVIDENCE: bulk.Columns = {"source_key": "text", "matches_source_key": "text", "rule": "text"}


def read_known(source: str, fresh: pa.Table, columns: Sequence[str]) -> pa.Table:
    """`columns` and `is_listed` of the last content of the keys of `fresh` (source_key, organisation_key), and of all current records of its organisations."""
    names = ", ".join(f'person."{column}"' for column in columns)
    with without_values(), engine().begin() as connection:
        bulk.fill(connection, "fresh", fresh, {"source_key": "text", "organisation_key": FIELDS["organisation_key"].type})
        wanted = f"source = '{source.replace(chr(39), chr(39) * 2)}'"
        return bulk.read(connection, f"""
            SELECT {names}, person.version_to = {OPEN} AS is_listed FROM (
                SELECT record_id FROM identity.source_record WHERE {wanted} AND source_key IN (SELECT source_key FROM fresh)
                UNION SELECT record_id FROM identity.person_record WHERE {wanted} AND version_to = {OPEN}
                    AND organisation_key IN (SELECT organisation_key FROM fresh)) AS known
            CROSS JOIN LATERAL (SELECT * FROM identity.person_record AS version WHERE version.record_id = known.record_id
                ORDER BY version_from DESC LIMIT 1) AS person""")


def keep_evidence(delivery_id: str, keys: pa.Table) -> None:
    """Write down which keys of a delivery denote another child (source_key, matches_source_key, rule); once for each delivery."""
    with without_values(), engine().begin() as connection:
        bulk.fill(connection, "found", keys, _EVIDENCE)
        connection.execute(text("INSERT INTO quality.swapped_key SELECT CAST(:one AS uuid), source_key, matches_source_key, rule FROM found "
                                "ON CONFLICT (delivery_id, source_key) DO NOTHING"), {"one": delivery_id})


def blocked(source: str) -> list[tuple[str, str]]:
    """(origin, delivery) of deliveries held because their keys denote other children, about which nobody has decided and after which nothing good came."""
    with without_values(), engine().connect() as connection:
        rows = connection.execute(text("""
            SELECT origin, delivery_id::text FROM quality.delivery AS held WHERE source = :source AND state = 'held' AND held_code = :code
              AND NOT EXISTS (SELECT FROM quality.delivery AS later JOIN quality.delivery_entity AS line USING (delivery_id)
                WHERE later.source = held.source AND left(later.origin, 13) = left(held.origin, 13) AND later.received_at > held.received_at
                  AND later.state = 'loaded' AND line.entity = 'person' AND line.received > 0)""".replace("::", r"\:\:")),
            {"source": source, "code": HELD})
        return [(str(row[0]), str(row[1])) for row in rows]


def waiting(source: str, organisation_key: str) -> list[str]:
    """Deliveries of one organisation that wait for such a decision, in order of receipt."""
    with without_values(), engine().connect() as connection:
        return [str(one) for one in connection.execute(text(
            "SELECT delivery_id::text FROM quality.delivery WHERE source = :source AND left(origin, 13) = :key AND state = 'held' "
            "AND held_code = :code ORDER BY received_at".replace("::", r"\:\:")), {"source": source, "key": organisation_key, "code": WAITING}).scalars()]


def move_keys(connection: Connection, delivery_id: str, source: str, version: int) -> None:
    """Before a renumbered delivery is loaded: each key goes to the record of the child it now denotes, or to none; facts stay with their children."""
    run, at = connection.exec_driver_sql, {"delivery_id": delivery_id, "source": source, "version": version}
    run("""CREATE TEMPORARY TABLE given ON COMMIT DROP AS
        SELECT swapped.source_key, old.record_id, child.record_id AS child_id, row_number() OVER (PARTITION BY child.record_id ORDER BY swapped.source_key) AS place
        FROM quality.swapped_key AS swapped
        JOIN identity.source_record AS old ON old.source = %(source)s AND old.source_key = swapped.source_key
        LEFT JOIN identity.source_record AS child ON child.source = %(source)s AND child.source_key = swapped.matches_source_key
            AND (EXISTS (SELECT FROM quality.swapped_key AS own WHERE own.delivery_id = swapped.delivery_id AND own.source_key = child.source_key)
                OR NOT EXISTS (SELECT FROM incoming_person WHERE incoming_person.source_key = child.source_key))
        WHERE swapped.delivery_id = CAST(%(delivery_id)s AS uuid)""", at)
    run("UPDATE given SET child_id = NULL WHERE place > 1")
    open_parting(connection)
    run("INSERT INTO parting (record_id, goes_on, takes_content, keeps_facts) SELECT record_id, false, false, true FROM given "
        "UNION SELECT child_id, false, false, true FROM given WHERE child_id IS NOT NULL")
    part(connection, version)
    run("UPDATE identity.source_record AS child SET source_key = given.source_key FROM given WHERE given.child_id = child.record_id")
