"""What a source is declared to fill is what a day of the region shows it filling."""

from __future__ import annotations

import pytest

from connectors.sources import SOURCES
from schemas.filled import FILLS
from schemas.tables import META, STAGING
from schemas.warehouse import TARGETS
from tests.flow.lived import Lived

pytestmark = pytest.mark.flow


def test_a_source_fills_nothing_that_is_not_declared(lived: Lived) -> None:
    for entity, relation in TARGETS.items():
        columns = [column for column in relation.columns if column in STAGING[entity].content and column != "person_key"]
        counts = ", ".join(f'count("{column}")' for column in columns)
        for source, *filled in lived.warehouse.rows(f"SELECT source, {counts} FROM {relation.full_name} GROUP BY source"):
            seen = {column for column, count in zip(columns, filled, strict=True) if count}
            assert seen <= set(FILLS[str(source)][entity]), (source, entity)


def test_each_source_declares_what_it_fills_of_each_of_its_entities_and_of_no_other() -> None:
    assert {source.name: set(source.entities) for source in SOURCES} == {source: set(entities) for source, entities in FILLS.items()}
    for source, entities in FILLS.items():
        for entity, columns in entities.items():
            assert set(columns) <= set(STAGING[entity].content) - set(META), (source, entity)
            assert set(STAGING[entity].required) - {"person_key"} <= set(columns), (source, entity)
