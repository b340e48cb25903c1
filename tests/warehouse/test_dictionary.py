"""No dictionary with gaps: every column of the database is declared whole, and the files are the same each time."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from schemas.errors import ConfigurationError
from schemas.mart_fields import MART_FIELDS
from schemas.retention import period_of, periods
from schemas.tables import STAGING
from schemas.warehouse import RELATIONS
from tests.conftest import Warehouse
from warehouse import dictionary
from warehouse.dictionary_words import NOBODY
from warehouse.portal import dictionary as pages

pytestmark = pytest.mark.warehouse
AS_OF = date(2025, 10, 24)


def entries(warehouse: Warehouse) -> list[dictionary.Entry]:
    with warehouse.engine().connect() as connection:
        return dictionary.entries(connection)


def test_every_column_of_the_database_tells_all_that_is_asked(warehouse: Warehouse) -> None:
    found = entries(warehouse)
    standing = warehouse.rows("SELECT table_schema || '.' || table_name, column_name FROM information_schema.columns WHERE table_schema IN "
                              "('quality', 'identity', 'core', 'marts', 'audit', 'codes', 'built') OR table_schema = 'staging' AND table_name NOT LIKE 'waiting%'")
    assert {(one.table, one.column) for one in found} == set(standing)
    assert all(str(getattr(one, name)).strip() for one in found for name in dictionary.NEEDED)


def test_who_reads_is_what_the_database_grants(warehouse: Warehouse) -> None:
    readers = {(one.table, one.column): one.readers for one in entries(warehouse)}
    assert readers["identity.person_record", "snils"] == "загрузчик"
    assert readers["identity.person_record", "birth_date"] == "загрузчик, аудитор, ведущий реестр"
    assert "аналитик" not in readers["identity.explained_pupil", "family_name"]
    assert readers["identity.seal", "ground"] == "загрузчик, уполномоченное лицо"


def test_a_column_tells_which_departments_fill_it(warehouse: Warehouse) -> None:
    sources = {(one.table, one.column): one.sources for one in entries(warehouse)}
    assert sources["core.residence", "address"] == "МВД: регистрация и гражданство"
    assert sources["core.exam", "exam_value"] == "Вузы: ГИС СЦОС"
    assert sources["core.citizenship", "valid_from"] == NOBODY
    assert "СФР: СНИЛС" in sources["core.pupil", "snils"]


@pytest.mark.parametrize("statement", ["ALTER TABLE core.pupil ADD COLUMN favourite_colour text", "CREATE TABLE quality.scratch (a int)",
                                       "CREATE VIEW marts.scratch AS SELECT 1 AS favourite_colour"])
def test_a_column_nobody_declared_stops_the_build(warehouse: Warehouse, statement: str) -> None:
    warehouse.execute(statement, role="owner")
    with pytest.raises(ConfigurationError, match=r"(favourite_colour|scratch\.a) stands in the database and is not declared"):
        entries(warehouse)


def test_a_declared_column_that_the_database_lacks_stops_the_build(warehouse: Warehouse) -> None:
    warehouse.execute("ALTER TABLE quality.run_step DROP COLUMN seconds", role="owner")
    with pytest.raises(ConfigurationError, match=r"quality\.run_step\.seconds"):
        entries(warehouse)


@pytest.mark.parametrize("gap", dictionary.NEEDED)
def test_a_column_that_leaves_one_thing_out_stops_the_build(warehouse: Warehouse, gap: str) -> None:
    whole = entries(warehouse)[0]
    with pytest.raises(ConfigurationError, match=rf"{whole.table}\.{whole.column} has no {gap}$"):
        dictionary.complete(dataclasses.replace(whole, **{gap: " "}))


def test_every_declaration_says_purpose_and_ground() -> None:
    for name, field in MART_FIELDS.items():
        assert field.title.strip(), name
        assert field.purpose.strip(), name
        assert field.ground.strip(), name


def test_every_table_and_staging_relation_has_one_period_and_none_is_printed_as_law() -> None:
    assert {period_of(name).name for name in RELATIONS} <= {one.name for one in periods()}
    assert STAGING
    for one in periods():
        assert "настройка установки" in one.words
        assert one.status == "confirmed" or "ФЗ" not in one.ground


def test_the_files_open_and_are_the_same_bytes_each_time(warehouse: Warehouse, tmp_path: Path) -> None:
    first, second = (pages.save(warehouse.engine(), version=0, as_of=AS_OF, out=tmp_path / name) for name in ("one", "two"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    book = CalamineWorkbook.from_path(str(tmp_path / "one" / "dictionary.xlsx"))
    assert book.sheet_names[:6] == ["Обложка", "Содержание", "Столбцы", "Таблицы", "Правила", "Сроки хранения"]
    rows = book.get_sheet_by_name("Столбцы").to_python()
    assert len(rows) - 4 == len(entries(warehouse))
    assert (tmp_path / "one" / "dictionary.html").stat().st_size < 2_500_000
