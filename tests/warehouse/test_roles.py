"""What each role can do and cannot; direct identifiers stay with those who decide or act on a child."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from schemas.warehouse import RELATIONS
from schemas.warehouse_fields import WAREHOUSE_FIELDS
from tests.conftest import Warehouse

pytestmark = pytest.mark.warehouse

CAN = [
    ("analyst", "SELECT * FROM marts.pupil"), ("analyst", "SELECT * FROM marts.mark"), ("analyst", "SELECT core.report_date()"),
    ("auditor", "SELECT * FROM quality.delivery"), ("auditor", "SELECT record_id, birth_date FROM identity.person_record"),
    ("auditor", "SELECT * FROM audit.access"), ("steward", "SELECT record_id, birth_date FROM identity.person_record"),
    ("officer", "SELECT snils FROM identity.explained_pupil"), ("loader", "SELECT snils FROM marts.pupil_identified"), ("officer", "SELECT * FROM marts.pupil"),
    ("publisher", "UPDATE core.published_version SET version = 0"),
    ("loader", "SELECT snils FROM identity.person_record"), ("loader", "CREATE TEMPORARY TABLE mine (x int)"),
    ("officer", "INSERT INTO audit.access (person_in_charge, purpose, ground, action) VALUES ('a', 'b', 'c', 'd')"),
]
CANNOT = [
    ("analyst", "SELECT * FROM marts.pupil_identified"), ("analyst", "SELECT * FROM core.pupil"), ("analyst", "SELECT * FROM identity.link"),
    ("analyst", "CREATE TEMPORARY TABLE mine (x int)"), ("analyst", "CREATE TABLE public.mine (x int)"), ("analyst", "SELECT * FROM quality.delivery"),
    ("auditor", "SELECT snils FROM identity.person_record"), ("auditor", "SELECT family_name FROM core.pupil"),
    ("auditor", "SELECT address FROM core.residence"), ("auditor", "UPDATE quality.delivery SET state = 'held'"),
    *((role, f"SELECT family_name FROM {relation}") for role in ("steward", "officer")
      for relation in ("identity.person_record", "core.pupil", "marts.pupil_identified")),
    *(("officer", f"SELECT {what}") for what in ("* FROM identity.link", "* FROM identity.sealed_pupil", "source_key FROM identity.source_record")),
    *((role, f"SELECT {function}()") for role in ("analyst", "auditor", "steward", "officer", "publisher")
      for function in ("veil.sealed_records", "veil.sealed_pupils")),
    ("steward", "UPDATE identity.link SET pupil_id = 1"), ("steward", "DELETE FROM identity.decision"), ("officer", "SELECT * FROM core.pupil"),
    ("publisher", "UPDATE core.pupil SET sex = 'F'"), ("publisher", "SELECT * FROM core.pupil"), ("publisher", "DELETE FROM core.published_version"),
    ("loader", "UPDATE core.published_version SET version = 1"), ("loader", "DELETE FROM core.mark"), ("loader", "TRUNCATE core.mark"),
    ("loader", "CREATE ROLE more"), ("loader", "DROP TABLE core.mark"),
    ("loader", "DELETE FROM quality.refused_record"), ("loader", "UPDATE core.mark SET mark_value = 5"), ("loader", "UPDATE identity.link SET pupil_id = 1"),
    ("loader", "UPDATE identity.person_record SET snils = NULL"), ("loader", "UPDATE quality.version SET kind = 'link'"),
    ("loader", "INSERT INTO quality.publication (version, published_by) VALUES (0, 'a')"), ("analyst", "SELECT lo_create(0)"),
    *((role, statement) for role in ("loader", "publisher", "auditor", "steward", "officer", "analyst") for statement in (
        "UPDATE audit.access SET action = ''", "DELETE FROM audit.access", "TRUNCATE audit.access", "UPDATE audit.receipt SET source = ''",
        "DELETE FROM audit.receipt", "UPDATE audit.chain SET chain_id = ''", "INSERT INTO audit.receipt (source) VALUES ('a')",
        "INSERT INTO audit.access (person_in_charge, purpose, ground, action, row_hash) VALUES ('a', 'b', 'c', 'd', 'e')",
        "INSERT INTO audit.access (person_in_charge, purpose, ground, action, role) VALUES ('a', 'b', 'c', 'd', 'e')")),
    ("analyst", "INSERT INTO audit.access (person_in_charge, purpose, ground, action) VALUES ('a', 'b', 'c', 'd')"),
    *((role, f"INSERT INTO audit.access (person_in_charge, purpose, ground, action) VALUES ('a', 'b', 'c', '{action}')")
      for role, action in (("auditor", "retention"), ("steward", "rule"), ("officer", "role"), ("publisher", "retention"), ("steward", "publish"))),
    ("analyst", "SELECT lo_from_bytea(0, '')"), ("publisher", "DELETE FROM quality.publication"),
]


def do(warehouse: Warehouse, role: str, statement: str) -> None:
    with warehouse.engine(role).connect() as connection:
        connection.execute(text(statement))
        connection.rollback()


def test_each_role_can_do_its_work_and_nothing_else(warehouse: Warehouse) -> None:
    for role, statement in CAN:
        do(warehouse, role, statement)
    for role, statement in CANNOT:
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner|is not said by"):
            do(warehouse, role, statement)


def test_no_person_reads_a_direct_identifier_but_through_views_that_open_after_a_look(warehouse: Warehouse) -> None:
    direct = [name for name, field in WAREHOUSE_FIELDS.items() if field.sensitivity == "direct"]
    for role in ("analyst", "auditor", "publisher", "steward", "officer"):
        leaks = warehouse.rows("SELECT table_schema, table_name, column_name FROM information_schema.columns "
                               "WHERE table_schema IN ('core', 'identity', 'marts', 'quality', 'audit') AND column_name = ANY(:direct) "
                               "AND has_column_privilege(:reader, format('%I.%I', table_schema, table_name), column_name, 'SELECT')",
                               direct=direct, reader=role)
        looking = role in ("steward", "officer")
        assert [leak for leak in leaks if not (looking and str(leak[1]).startswith("explained_"))] == []
        assert bool(leaks) == looking


@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_nobody_but_the_superuser_enters_the_servers_own_databases(warehouse: Warehouse, database: str) -> None:
    for role in warehouse.urls:
        with pytest.raises(OperationalError, match="permission denied for database"):
            create_engine(make_url(warehouse.urls[role]).set(database=database)).connect()


def test_no_login_role_has_more_than_login(warehouse: Warehouse) -> None:
    assert warehouse.rows("SELECT rolname FROM pg_roles WHERE rolname IN ('loader', 'publisher', 'analyst', 'auditor', 'steward', 'officer', 'kontingent_owner') "
                          "AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)") == []


def test_every_view_is_a_security_barrier(warehouse: Warehouse) -> None:
    assert warehouse.rows("SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = 'marts' "
                          "AND relkind = 'v' AND NOT coalesce(reloptions @> ARRAY['security_barrier=true'], false)") == []


def test_every_table_and_column_has_its_russian_title(warehouse: Warehouse) -> None:
    bare = warehouse.rows("SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
                          "JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname IN ('quality', 'identity', 'core', 'audit', 'codes', 'built') "
                          "AND relkind = 'r' AND attnum > 0 AND NOT attisdropped AND col_description(attrelid, attnum) IS NULL")
    assert bare == []
    assert warehouse.scalar("SELECT obj_description('core.pupil'::regclass)") == RELATIONS["core.pupil"].title
