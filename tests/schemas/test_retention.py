"""The file an official edits: what is wrong in it is said in one line, and nothing is deleted by a slip of the pen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas import retention
from schemas.errors import ConfigurationError

GOOD: dict[str, Any] = {"name": "logs", "title": "Журналы", "days": 30, "covers": [], "ground": "решение оператора", "status": "unconfirmed"}


def read(folder: Path, *classes: Any) -> tuple[retention.Period, ...]:
    path = folder / "retention.yaml"
    path.write_text(yaml.safe_dump(list(classes), allow_unicode=True), "utf-8")
    retention.periods.cache_clear()
    return retention.periods(path)


def test_a_class_is_read_as_it_stands(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD)[0].words == "30 дн.; настройка установки, не подтверждён юристом: решение оператора"
    assert "программа не удаляет" in read(tmp_path, GOOD | {"days": None})[0].words


@pytest.mark.parametrize(("change", "code"), [
    ({"days": 1}, "retention.days"), ({"days": True}, "retention.days"), ({"days": "30"}, "retention.days"), ({"days": 30, "name": "children"}, "retention.days"),
    ({"status": "law"}, "retention.words"), ({"ground": ""}, "retention.words"), ({"title": None}, "retention.words"), ({"covers": "core.*"}, "retention.covers"),
    ({"extra": 1}, "retention.keys")])
def test_what_is_wrong_is_named(tmp_path: Path, change: dict[str, Any], code: str) -> None:
    with pytest.raises(ConfigurationError, match=code):
        read(tmp_path, GOOD | change)


def test_a_class_declared_twice_or_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"retention\.twice"):
        read(tmp_path, GOOD, GOOD)
    (tmp_path / "bad.yaml").write_text("a: [", "utf-8")
    with pytest.raises(ConfigurationError, match=r"retention\.unreadable"):
        retention.periods(tmp_path / "bad.yaml")


def test_people_and_the_trail_are_never_deleted_by_the_program() -> None:
    for name in ("children", "identity", "ledger", "trail"):
        assert retention.period(name).days is None
