"""Which version each session sees."""

from __future__ import annotations

import pytest
from tests.conftest import Warehouse

pytestmark = pytest.mark.warehouse


def test_an_empty_warehouse_shows_version_zero(warehouse: Warehouse) -> None:
    assert warehouse.scalar("SELECT core.visible_version()", role="analyst") == 0
