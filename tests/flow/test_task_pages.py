"""The button of each gate leads to a page that a day makes."""

from __future__ import annotations

import pytest

from connectors.sources import SOURCES
from tests.flow.lived import Lived

pytestmark = pytest.mark.flow


def test_the_page_behind_each_gate_is_there_after_a_day(lived: Lived) -> None:
    portal = lived.warehouse.folder / "portal" / "current"
    assert (portal / "checks" / "index.html").is_file()
    sent = {str(row[0]) for row in lived.warehouse.rows("SELECT DISTINCT source FROM quality.delivery")}
    assert len(sent) >= len(SOURCES) - 1, "a small region may have no death that day"
    assert [name for name in sorted(sent) if not (portal / "checks" / f"source-{name}.html").is_file()] == []
    assert (portal / "dictionary.html").is_file()
