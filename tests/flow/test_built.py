"""Marts of a whole day: what was built before publishing is, row by row, what is computed without it."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import text

from tests.flow.lived import Lived
from warehouse import views

pytestmark = pytest.mark.flow


@pytest.mark.parametrize("mart", views.marked())
def test_the_stored_rows_are_those_the_mart_computes(lived: Lived, mart: str) -> None:
    query = text(f'SELECT * FROM marts."{mart}"')
    with lived.warehouse.engine("loader").connect() as connection:
        stored = Counter(tuple(row) for row in connection.execute(query))
        counted = connection.execute(text(f'SELECT count(*) FROM built."{mart}" WHERE built_version = core.visible_version()')).scalar()
        connection.execute(text("DELETE FROM built.mart"))
        computed = Counter(tuple(row) for row in connection.execute(query))
        connection.rollback()
    assert stored.total() == counted > 0 or mart == "contingent_conflict"
    assert stored == computed
