"""The access trail: one chain without forks, sealed by the database, repeated by Python's standard library to the bit."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from schemas.warehouse import RELATIONS
from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt
from warehouse import ledger, migrate, publish, trail

pytestmark = pytest.mark.warehouse
SEALED = ("access_id", "at", "role", "person_in_charge", "purpose", "ground", "action", "pupil_id", "subject_named")
LINE = {"action": "look", "by": "a", "purpose": "b", "ground": "c"}


def write(warehouse: Warehouse, role: str = "officer", count: int = 1, **more: object) -> None:
    for _ in range(count):
        with warehouse.engine(role).begin() as connection:
            trail.note(connection, **(LINE | more))  # type: ignore[arg-type]


def canonical(row: dict[str, object]) -> str:
    """What the database seals, by the standard library."""
    told = {name: value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(value, datetime) else value for name, value in row.items()}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def entries(warehouse: Warehouse) -> list[dict[str, object]]:
    with warehouse.engine("auditor").connect() as connection:
        rows = connection.execute(text(f"SELECT {', '.join(SEALED)}, previous_hash, row_hash FROM audit.access ORDER BY access_id"))
        return [dict(row) for row in rows.mappings()]


def assert_one_chain(warehouse: Warehouse, previous: object) -> None:
    for number, row in enumerate(entries(warehouse), 1):
        assert (row["access_id"], row["previous_hash"]) == (number, previous)
        told = canonical({name: row[name] for name in SEALED})
        assert row["row_hash"] == hashlib.sha256((str(previous) + told).encode()).hexdigest()
        previous = row["row_hash"]


def genesis(warehouse: Warehouse) -> object:
    return warehouse.scalar("SELECT row_hash FROM audit.chain")


def test_every_column_but_the_seals_is_sealed() -> None:
    assert {*RELATIONS["audit.access"].columns} - {"previous_hash", "row_hash"} == {*SEALED}


def test_the_chain_begins_with_a_line_that_names_it(warehouse: Warehouse) -> None:
    (row,) = warehouse.rows("SELECT chain_id, created_at, form, sealed_number, sealed_hash, row_hash FROM audit.chain")
    names = ("chain_id", "created_at", "form", "sealed_number", "sealed_hash")
    assert row[2:5] == ("kontingent-trail-1", 0, None)
    assert row[5] == hashlib.sha256(canonical(dict(zip(names, row[:5], strict=True))).encode()).hexdigest()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), pupil=st.none() | st.integers(-2**63, 2**63 - 1))
def test_whatever_is_said_the_standard_library_seals_alike(warehouse: Warehouse, said: str, pupil: int | None) -> None:
    write(warehouse, by=said, subject=said, ground='"\\/\u2028\x7f\t' + said, pupil_id=pupil)
    row = entries(warehouse)[-1]
    told = canonical({name: row[name] for name in SEALED})
    assert row["row_hash"] == hashlib.sha256((str(row["previous_hash"]) + told).encode()).hexdigest()
    assert (row["person_in_charge"], row["pupil_id"]) == (said, pupil)


def test_lines_written_at_once_are_one_chain_without_gaps(warehouse: Warehouse) -> None:
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, warehouse, role, 25) for role in ("officer", "steward", "auditor", "loader")]:
            done.result()
    assert len(entries(warehouse)) == 100
    assert_one_chain(warehouse, genesis(warehouse))


def test_what_is_rolled_back_leaves_no_gap(warehouse: Warehouse) -> None:
    write(warehouse)
    with warehouse.engine("officer").connect() as connection:
        trail.note(connection, **LINE)
        connection.rollback()
    write(warehouse)
    assert_one_chain(warehouse, genesis(warehouse))


def test_a_transaction_that_saw_an_older_head_makes_no_fork(warehouse: Warehouse) -> None:
    with warehouse.engine("officer").connect().execution_options(isolation_level="REPEATABLE READ") as late:
        late.execute(text("SELECT 1"))
        write(warehouse, "steward")
        with pytest.raises(DBAPIError, match="access_pkey"):
            trail.note(late, **LINE)
    assert_one_chain(warehouse, genesis(warehouse))


def test_a_long_transaction_holds_nobody_up_before_it_notes(warehouse: Warehouse) -> None:
    with warehouse.engine("loader").begin() as long:
        long.execute(text("INSERT INTO quality.version (version, kind) VALUES (1, 'load')"))
        write(warehouse, "steward")
        trail.note(long, **LINE)
    assert [row["role"] for row in entries(warehouse)] == ["steward", "loader"]


@pytest.mark.parametrize("table", ["access", "receipt", "chain"])
@pytest.mark.parametrize("statement", ["UPDATE audit.{} SET row_hash = ''", "DELETE FROM audit.{}", "TRUNCATE audit.{}"])
def test_not_even_the_owner_changes_or_removes_a_line(warehouse: Warehouse, table: str, statement: str) -> None:
    write(warehouse)
    with pytest.raises(DBAPIError, match="permission denied"):
        warehouse.execute(statement.format(table))
    warehouse.execute(f"GRANT UPDATE, DELETE, TRUNCATE ON audit.{table} TO kontingent_owner")
    with pytest.raises(DBAPIError, match="appended"):
        warehouse.execute(statement.format(table))


def test_a_second_chain_cannot_be_begun(warehouse: Warehouse) -> None:
    with pytest.raises(DBAPIError, match="appended"):
        warehouse.execute("INSERT INTO audit.chain SELECT false, '', now(), '', 0, '', ''")


def test_each_delivery_is_sealed_as_it_came_and_a_replay_is_none(warehouse: Warehouse) -> None:
    came = [Receipt(minute=minute) for minute in range(3)]
    ledger.register(came)
    warehouse.execute("INSERT INTO quality.delivery (delivery_id, source, origin, media, sha256, size_bytes, received_at, as_of, state, replay_of) "
                      "SELECT gen_random_uuid(), source, origin, media, sha256, size_bytes, received_at, as_of, 'passed', delivery_id FROM quality.delivery")
    rows = warehouse.rows("SELECT receipt_id, delivery_id::text, source, sha256, size_bytes, received_at, row_hash FROM audit.receipt ORDER BY receipt_id"
                          .replace("::", r"\:\:"))
    assert [row[1] for row in rows] == [one.delivery_id for one in came]
    previous = genesis(warehouse)
    for *told, sealed in rows:
        named = dict(zip(("receipt_id", "delivery_id", "source", "sha256", "size_bytes", "received_at"), told, strict=True))
        assert sealed == hashlib.sha256((str(previous) + canonical(named)).encode()).hexdigest()
        previous = sealed


def test_lines_of_an_older_form_stay_and_the_new_chain_seals_the_last_of_them(warehouse: Warehouse) -> None:
    warehouse.execute("INSERT INTO quality.delivery (delivery_id, source, origin, media, sha256, size_bytes, received_at, as_of, state) "
                      "VALUES (gen_random_uuid(), 'a', 'b', 'csv', 'c', 1, now(), now(), 'received')")
    chain = warehouse.scalar("SELECT chain_id FROM audit.chain")
    migrate.downgrade(warehouse.urls["owner"], "0003")
    old = "INSERT INTO audit.access (person_in_charge, purpose, ground, action) VALUES ('a', 'b', 'c', 'd')"
    warehouse.execute(old)
    warehouse.execute(old)
    before = warehouse.rows("SELECT access_id, row_hash FROM audit.access ORDER BY access_id")
    migrate.upgrade(warehouse.urls["owner"])
    assert warehouse.rows("SELECT access_id, row_hash FROM audit.access ORDER BY access_id") == before
    assert warehouse.rows("SELECT sealed_number, sealed_hash FROM audit.chain") == [before[-1]]
    assert warehouse.scalar("SELECT chain_id FROM audit.chain") != chain
    assert warehouse.scalar("SELECT count(*) FROM audit.receipt") == 1
    write(warehouse)
    assert warehouse.rows("SELECT previous_hash FROM audit.access WHERE access_id > :last", last=before[-1][0]) == [(genesis(warehouse),)]


def test_who_published_and_who_took_back_is_told(warehouse: Warehouse) -> None:
    warehouse.execute("INSERT INTO quality.version (version, kind) VALUES (1, 'link'), (2, 'link')")
    publish.publish(1, "Анна")
    publish.publish(2, "Анна")
    publish.rollback(1, "Пётр")
    assert [(row["role"], row["person_in_charge"], row["action"], row["subject_named"]) for row in entries(warehouse)] == [
        ("publisher", "Анна", "publish", "version 1, before 0"), ("publisher", "Анна", "publish", "version 2, before 1"),
        ("publisher", "Пётр", "rollback", "version 1, before 2")]


def test_a_line_the_verifier_could_not_read_is_not_taken(warehouse: Warehouse) -> None:
    with pytest.raises(DBAPIError, match="too long"):
        warehouse.execute("INSERT INTO audit.access (person_in_charge, purpose, ground, action) VALUES ('a', 'b', repeat('c', 1000000), 'look')", role="auditor")
