"""Which version each session sees, and what the views show of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from schemas.errors import ConfigurationError
from tests.conftest import Warehouse
from tests.warehouse.staged import mark, person
from tests.warehouse.test_identity import golden, link_two, links
from tests.warehouse.test_load import accept
from warehouse import identity, publish, views

pytestmark = pytest.mark.warehouse


def seen(warehouse: Warehouse, role: str, version: int) -> object:
    with warehouse.engine(role).connect() as connection:
        connection.execute(text("SELECT set_config('kontingent.version', :version, false)"), {"version": str(version)})
        answer = connection.execute(text("SELECT core.visible_version()")).scalar()
        connection.invalidate()
        return answer


def test_only_the_pipeline_and_auditors_may_look_at_other_versions(warehouse: Warehouse) -> None:
    assert [seen(warehouse, role, 7) for role in ("loader", "publisher", "auditor")] == [7, 7, 7]
    assert [seen(warehouse, role, 7) for role in ("analyst", "steward", "officer")] == [0, 0, 0]


def test_the_report_date_is_that_of_the_visible_version_unless_named(warehouse: Warehouse, tmp_path: Path) -> None:
    assert warehouse.scalar("SELECT core.report_date()", role="analyst") is None
    link_two(tmp_path)
    publish.publish(2, "test")
    assert str(warehouse.scalar("SELECT core.report_date()", role="analyst")) == "2025-10-24"
    assert str(warehouse.scalar("SELECT core.report_date() FROM set_config('kontingent.report_date', '2024-09-20', true) AS named",
                                role="analyst")) == "2024-09-20"


def test_facts_follow_their_record_to_the_pupil_of_the_published_version(warehouse: Warehouse, tmp_path: Path) -> None:
    link_two(tmp_path)
    accept(tmp_path, {"person": [person("b")], "mark": [mark("1", "b")]})
    version, _ = identity.apply(links({1: 1, 2: 1}), golden({1: "А"}), identity.everything())
    for published, expected in ((2, []), (3, [(2,)]), (version, [(1,)])):
        publish.publish(published, "test")
        assert warehouse.rows("SELECT pupil_id FROM marts.mark", role="analyst") == expected


def test_publishing_and_taking_back_move_one_row(warehouse: Warehouse, tmp_path: Path) -> None:
    link_two(tmp_path)
    assert publish.publish(1, "engineer") == 0
    assert publish.publish(2, "engineer") == 1
    assert publish.version_of() == publish.version_of(2)
    assert publish.rollback(1, "engineer") == 2
    assert publish.published_version() == 1
    assert publish.rollback(2, "engineer") == 1
    assert warehouse.rows("SELECT version, published_by FROM core.published_version") == [(2, "engineer")]
    assert warehouse.rows("SELECT version FROM quality.publication ORDER BY published_at") == [(1,), (2,), (1,), (2,)]


def test_only_what_was_published_before_is_published_again(warehouse: Warehouse, tmp_path: Path) -> None:
    link_two(tmp_path)
    publish.publish(2, "engineer")
    for version in (0, 1, 99):
        with pytest.raises(ConfigurationError, match="never_published"):
            publish.rollback(version, "engineer")


def test_what_was_loaded_after_the_last_linking_waits(warehouse: Warehouse, tmp_path: Path) -> None:
    link_two(tmp_path)
    complete = publish.latest_version()
    accept(tmp_path, {"person": [person("later")]})
    assert publish.latest_version() == complete


def test_a_version_with_a_load_that_came_while_linking_is_not_the_latest(warehouse: Warehouse, tmp_path: Path) -> None:
    link_two(tmp_path)
    scope = identity.everything()
    accept(tmp_path, {"person": [person("c")]})
    identity.apply(links({1: 1, 2: 1}), golden({1: "А"}), scope)
    assert publish.latest_version() == 2
    version, _ = identity.apply(links({1: 1, 2: 1, 3: -1}), golden({1: "А", -1: "В"}), identity.everything())
    assert publish.latest_version() == version


def test_nothing_linked_is_no_version_to_publish(warehouse: Warehouse, tmp_path: Path) -> None:
    accept(tmp_path, {"person": [person("a")]})
    assert publish.latest_version() == 0
    with pytest.raises(ConfigurationError, match="empty"):
        publish.publish(0, "engineer")


@pytest.mark.parametrize("wrong", [99, -1])
def test_a_version_never_written_is_not_published(warehouse: Warehouse, wrong: int) -> None:
    with pytest.raises(ConfigurationError, match="never written"):
        publish.publish(wrong, "test")


def test_a_report_date_that_is_no_date_is_refused_by_its_name(warehouse: Warehouse) -> None:
    for wrong in ("вчера", "2025-02-31"):
        with pytest.raises(DBAPIError, match=r"kontingent\.report_date|2025-02-31"):
            warehouse.scalar(f"SELECT core.report_date() FROM set_config('kontingent.report_date', '{wrong}', true) AS named", role="analyst")


def test_every_table_view_and_column_has_a_comment(warehouse: Warehouse) -> None:
    bare = warehouse.rows("""
        SELECT pg_class.oid::regclass::text, attname FROM pg_class
        LEFT JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        WHERE relkind IN ('r', 'v', 'm', 'p') AND relnamespace::regnamespace::text IN ('marts', 'core', 'identity', 'quality')
        AND (obj_description(pg_class.oid, 'pg_class') IS NULL OR col_description(pg_class.oid, attnum) IS NULL)""", role="owner")
    assert bare == []
    english = warehouse.rows("""
        SELECT relname FROM pg_class WHERE relnamespace = 'marts'::regnamespace AND relkind = 'v'
        AND obj_description(oid, 'pg_class') !~ '[а-яА-Я]'""", role="owner")
    assert english == []


def test_a_mart_with_an_undeclared_column_is_not_made(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "glance.sql").write_text("-- One row.\nSELECT 1 AS never_declared", "utf-8")
    monkeypatch.setattr(views, "MARTS", tmp_path)
    with warehouse.engine("owner").connect() as connection, pytest.raises(ConfigurationError, match=r"glance\.never_declared"):
        views.create_views(connection)


def test_marts_are_made_after_the_marts_they_read() -> None:
    order = views.in_order({"a": "SELECT * FROM marts.b", "b": "SELECT * FROM marts.pupil"})
    assert order == ["b", "a"]
