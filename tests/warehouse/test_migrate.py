"""The database is what the declarations say; preparing again changes nothing that others rely on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import make_url

from schemas.errors import ConfigurationError
from tests.conftest import Cluster, Warehouse
from warehouse import engine, migrate
from warehouse.tables import METADATA

pytestmark = pytest.mark.warehouse


def test_the_migrated_database_is_the_declared_one(warehouse: Warehouse) -> None:
    with warehouse.engine("owner").connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_schemas": True, "compare_type": True, "include_object": _is_ours})
        assert compare_metadata(context, METADATA) == []


def test_upgrading_again_changes_nothing_and_undoing_leaves_nothing(warehouse: Warehouse) -> None:
    migrate.upgrade(warehouse.urls["owner"])
    assert warehouse.scalar("SELECT count(*) FROM core.municipality") == 23
    migrate.downgrade(warehouse.urls["owner"], "base")
    assert warehouse.scalar("SELECT to_regclass('core.pupil')") is None
    migrate.upgrade(warehouse.urls["owner"])
    assert warehouse.scalar("SELECT count(*) FROM marts.pupil", role="analyst") == 0


def test_a_database_of_the_first_release_is_brought_up_with_its_published_version(warehouse: Warehouse) -> None:
    warehouse.execute("INSERT INTO quality.version (version, kind) VALUES (1, 'link'); "
                      "UPDATE core.published_version SET version = 1, published_at = now(), published_by = 'engineer'")
    migrate.downgrade(warehouse.urls["owner"], "0001")
    assert warehouse.scalar("SELECT to_regclass('quality.publication')") is None
    migrate.upgrade(warehouse.urls["owner"])
    assert warehouse.rows("SELECT version, published_by FROM quality.publication") == [(1, "engineer")]
    test_the_migrated_database_is_the_declared_one(warehouse)


def test_a_database_of_the_third_release_takes_what_the_form_gate_says(warehouse: Warehouse) -> None:
    migrate.downgrade(warehouse.urls["owner"], "0003")
    warehouse.execute("ALTER TABLE quality.validation_result DROP CONSTRAINT validation_result_gate; ALTER TABLE quality.validation_result "
                      "ADD CONSTRAINT validation_result_gate CHECK (gate IN ('door', 'record', 'warehouse'))")
    migrate.upgrade(warehouse.urls["owner"])
    warehouse.execute("INSERT INTO quality.validation_result (run_id, gate, subject_checked, suite, expectation, success, severity) "
                      "VALUES ('a', 'form', 'b', 'c', 'd', true, 'block')", role="loader")


def test_preparing_again_keeps_the_passwords(cluster: Cluster, tmp_path: Path) -> None:
    kept = tmp_path / "warehouse-passwords.json"
    kept.write_text(json.dumps({make_url(url).username: make_url(url).password for url in cluster.urls.values()}), "utf-8")
    assert migrate.prepare(cluster.server.dsn, tmp_path) == cluster.urls
    assert (tmp_path / "warehouse.json").stat().st_mode & 0o077 == 0
    for role in ("analyst", "auditor", "officer", "steward"):
        file = tmp_path / f"{role}.url"
        assert file.stat().st_mode & 0o777 == 0o600
        assert make_url(file.read_text("utf-8").strip()) == make_url(cluster.urls[role]).set(drivername="postgresql")


def test_a_user_without_rights_is_told_what_to_grant(warehouse: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="CREATEROLE"):
        migrate.prepare(warehouse.urls["analyst"], tmp_path)


@pytest.mark.parametrize("address", ["postgresql://nobody:wrong@127.0.0.1:1/none", "not a url"])
def test_a_wrong_address_is_one_clear_line(address: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        engine.open_engine(address)
    assert "\n" not in str(caught.value)
    assert "wrong" not in str(caught.value)


def _is_ours(item: object, name: str | None, kind: str, reflected: bool, _: object) -> bool:
    """Tables that no declaration names: Alembic's own, and those of built marts, which are made with the views."""
    is_mart = getattr(item, "schema", None) == "built" and name != "mart"
    return not (kind == "table" and (name == "alembic_version" or is_mart))
