"""The bad day: every mistake is truly on the wire, and what is told of it is true."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from connectors.mocks import region
from connectors.mocks.bad_day import MISTAKES, Demo, Made, acts_with_mistakes
from connectors.mocks.bad_day.demo import OF_YESTERDAY, read
from connectors.mocks.drop import write_drop
from connectors.mocks.journals.layouts import LAYOUTS, layout_name
from connectors.mocks.journals.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("bad") / "world"
    region.build(folder, children=1500, seed=3, home="81624000")
    region.advance(folder, 1)
    return World(folder, day=1, today=region.day_date(1), marks=region.progress_marks, finals=region.final_marks)


def _drops(world: World, folder: Path) -> tuple[Path, Path, dict[str, Made]]:
    demo = Demo(world)
    for name, clerks in (("good", None), ("bad", demo)):
        write_drop(world, folder / name, url="http://journals", **({"clerks": clerks} if clerks else {}))
    demo.write(folder / "bad_day.json")
    return folder / "good", folder / "bad", {one.mistake: one for one in read(folder / "bad_day.json")}


def test_only_the_files_of_those_who_made_a_mistake_differ(world: World, tmp_path: Path) -> None:
    good, bad, made = _drops(world, tmp_path)
    differ = {path.relative_to(good).parts[0] for path in good.rglob("*") if path.is_file() and path.read_bytes() != (bad / path.relative_to(good)).read_bytes()}
    told = {one.sender for mistake, one in made.items() if one.sender.isdigit() and mistake != "municipality_unknown"}
    assert differ == told | {"register.csv"}


def test_a_school_makes_mistakes_of_one_kind_only_for_a_held_file_would_hide_the_next(world: World, tmp_path: Path) -> None:
    _, _, made = _drops(world, tmp_path)
    whole = [one.sender for mistake, one in made.items() if mistake in ("keys_renumbered", "list_halved", "column_renamed", "file_cut_off", "municipality_unknown")]
    records = {one.sender for mistake, one in made.items() if mistake.startswith(("snils", "birth", "name"))}
    assert len(set(whole)) == len(whole)
    assert not records & set(whole)


def test_renumbering_keeps_the_numbers_and_gives_each_to_another_child(world: World, tmp_path: Path) -> None:
    good, bad, made = _drops(world, tmp_path)
    sender = made["keys_renumbered"].sender
    layout = LAYOUTS[str(layout_name(world.organisations[sender]))].pupils
    header = dict((value, title) for title, value in layout.columns)["local_id"]
    before, after = (_table(folder / sender / layout.name, layout.form.encoding) for folder in (good, bad))
    assert set(before[header]) == set(after[header])
    assert not (before[header].reset_index(drop=True) == after[header].reset_index(drop=True)).any()


def _table(path: Path, encoding: str) -> pd.DataFrame:
    if encoding == "xlsx":
        whole = pd.read_excel(path, header=None, dtype=str)
        start = int(whole.notna().sum(axis=1).idxmax())
        return whole.iloc[start + 1:].set_axis(list(whole.iloc[start]), axis=1)
    return pd.read_csv(path, sep=";", encoding=encoding, dtype=str)


def test_what_needs_a_yesterday_is_not_made_on_the_first_day(world: World) -> None:
    first = World(world.folder, day=0, today=region.day_date(0), marks=region.progress_marks, finals=region.final_marks)
    assert set(OF_YESTERDAY) & set(Demo(first)._by.values()) == set()
    assert set(OF_YESTERDAY) <= set(Demo(world)._by.values())


def test_every_mistake_told_has_words_and_a_count(world: World, tmp_path: Path) -> None:
    _, _, made = _drops(world, tmp_path)
    assert made.keys() <= MISTAKES.keys()
    assert all(one.count > 0 and len(one.keys) in (0, one.count) for one in made.values())


def test_registrars_push_the_true_acts_and_the_wrong_ones_beside_them(world: World) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{world.folder / 'world.duckdb'}' AS world (READ_ONLY)")
        true = connection.execute("SELECT count(*) FROM world.seen.zags_act").fetchall()[0][0]
        rows = connection.execute(f"SELECT day, act_kind, act_date, birth_date, authority_code, version FROM {acts_with_mistakes(1)}").fetchall()
    wrong = [row for row in rows if row[5] > 50]
    assert len(rows) == true + len(wrong)
    assert {row[0] for row in wrong} == {1}
    assert all(_before(row[2], row[3]) for row in wrong if row[1] == "birth")
    assert [row[4] for row in wrong if row[1] == "paternity"] == ["нет"]


def _before(act: date, birth: date) -> bool:
    return act < birth
