"""Which version each session sees, and what the views show of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

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
    assert publish.publish(publish.latest_version(), "engineer") == 0
    assert publish.version_of() == publish.version_of(2)
    assert publish.rollback(1, "engineer") == 2
    assert publish.published_version() == 1
    assert warehouse.rows("SELECT version, published_by FROM core.published_version") == [(1, "engineer")]


@pytest.mark.parametrize("wrong", [99, -1])
def test_a_version_never_written_is_not_published(warehouse: Warehouse, wrong: int) -> None:
    with pytest.raises(ConfigurationError, match="never written"):
        publish.publish(wrong, "test")


def test_marts_are_made_after_the_marts_they_read() -> None:
    order = views.in_order({"a": "SELECT * FROM marts.b", "b": "SELECT * FROM marts.pupil"})
    assert order == ["b", "a"]
