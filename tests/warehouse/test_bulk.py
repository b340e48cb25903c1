"""Hostile text goes in and comes out as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Warehouse
from warehouse import bulk

pytestmark = pytest.mark.warehouse

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20) | st.sampled_from(
    ["\\.", "a\n\\.\nb", "\\N", "", "\"", "'", "\t", "\r\n", "\\", ",", "ү ө һ", "\\\\n"])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.none() | TEXT, max_size=20))
def test_any_text_survives_the_way_in_and_out(warehouse: Warehouse, values: list[str | None]) -> None:
    with warehouse.engine().begin() as connection:
        bulk.fill(connection, "drawn", pa.table({"value": pa.array(values, pa.string())}), {"value": "text"})
        back = bulk.read(connection, 'SELECT value FROM drawn ORDER BY "row"')
        connection.exec_driver_sql("DROP TABLE drawn")
    assert back.column("value").to_pylist() == values


def test_types_and_missing_values_survive(warehouse: Warehouse, tmp_path: Path) -> None:
    drawn = pa.table({"number": pa.array([1, None]), "share": [0.5, None], "is_true": [True, None], "day": [date(2015, 1, 2), None],
                      "codes": pa.array([["a", "b"], None])})
    columns: bulk.Columns = {"number": "integer", "share": "decimal", "is_true": "boolean", "day": "date", "codes": "json", "absent": "text"}
    with warehouse.engine().begin() as connection:
        bulk.fill(connection, "drawn", drawn, columns)
        assert bulk.export(connection, 'SELECT * FROM drawn ORDER BY "row"', tmp_path / "out.parquet") == 2
    first, second = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert first == {"row": 0, "number": 1, "share": 0.5, "is_true": True, "day": date(2015, 1, 2), "codes": '["a", "b"]', "absent": None}
    assert {value for name, value in second.items() if name != "row"} == {None}


def test_rows_with_nul_are_left_out_and_listed(warehouse: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"source_key": ["1", "2"], "position": ["p1", "p2"], "value": ["a\0b", "c"]}), file)
    columns: bulk.Columns = {"source_key": "text", "position": "text", "value": "text"}
    with warehouse.engine().begin() as connection:
        assert bulk.fill(connection, "drawn", file, columns) == 1
    assert bulk.rows_with_nul(file, columns).to_pylist() == [{"position": "p1", "source_key": "1"}]
