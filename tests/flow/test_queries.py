"""The worked questions of docs/queries.md, asked by an analyst of a lived day, against answers counted from the region's own truth by another path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from sqlalchemy import text

from connectors.mocks.region import days, progress
from services import worked_queries
from tests.flow.lived import Lived

pytestmark = pytest.mark.flow
CODES = Path(__file__).resolve().parents[2] / "schemas" / "codes"
COUNTED, TODAY = date(2025, 9, 20), date(2025, 10, 24)
LEVELS = {"primary": range(1, 5), "basic": range(5, 10), "secondary": range(10, 13)}
RUSSIAN = {"РФ", "Российская Федерация", "643", "Россия"}
REASONS = {"н": "absent", "б": "ill", "оп": "late"}
Answer = Counter[tuple[Any, ...]]


@dataclass(frozen=True)
class Truth:
    """What the region knows of itself: people, what each journal and university holds, organisations."""

    world: Path

    def table(self, name: str) -> pd.DataFrame:
        with duckdb.connect(str(self.world / "world.duckdb"), read_only=True) as connection:
            found = connection.execute(f"SELECT * FROM seen.{name}").df()
        return found[found["day"] == 0] if "day" in found else found

    def people(self) -> pd.DataFrame:
        return pd.read_parquet(self.world / "truth_person.parquet")

    def keys(self, prefix: str) -> pd.DataFrame:
        known = pd.read_parquet(self.world / "truth.parquet")
        return known[known["source"].str.startswith(prefix)][["wire_key", "person_id"]]

    @cache  # noqa: B019  one region a run
    def listed(self) -> pd.DataFrame:
        """Every line of every journal that is about a true person, with the person's own sex, birth, death, citizenship and the organisation's columns."""
        lines = self.table("journal_pupil").assign(wire_key=lambda found: found["organisation_key"] + ":" + found["wire_key"])
        people = self.people()[["person_id", "sex", "birth_date", "death_date", "citizenship"]]
        places = self.table("organisation")[["organisation_key", "oktmo", "municipality", "is_rural", "place_count", "shift_count", "kind"]].rename(
            columns={"shift_count": "shifts"})
        own = lines.drop(columns=["sex", "birth_date", "citizenship", "day"]).merge(self.keys("journal"), on="wire_key").merge(people, on="person_id")
        return own.merge(places, on="organisation_key").assign(entry_date=lambda found: pd.to_datetime(found["entry_date"]),
                                                               exit_date=lambda found: pd.to_datetime(found["exit_date"]))

    def outside(self) -> set[int]:
        """Persons registered to live outside the republic."""
        lines = self.table("fms_registration")
        away = lines[(lines["kind"] == "living") & ~lines["region"].str.contains("Бурятия", na=True)]
        return set(away.merge(self.keys("fms"), on="wire_key")["person_id"])

    def roll(self, day: date) -> pd.DataFrame:
        """Living pupils of grades 1 to 12 on a day, each once: in the class entered last."""
        lines = self.listed()
        dead, on = pd.to_datetime(lines["death_date"]), pd.Timestamp(day)
        here = lines[(lines["grade"] > 0) & (lines["entry_date"] <= on) & (lines["exit_date"].isna() | (lines["exit_date"] > on))
                     & (dead.isna() | (dead > on))]
        return here.sort_values(["entry_date", "organisation_key", "grade"], ascending=[False, True, False]).drop_duplicates("person_id")

    def marks(self) -> pd.DataFrame:
        """Every mark and absence of every journal on the day, of true persons."""
        return self._known(lambda key: progress.progress_marks(self.world, key, days.YEAR_START, TODAY, 0))

    def finals(self) -> pd.DataFrame:
        return self._known(lambda key: progress.final_marks(self.world, key, 0))

    def _known(self, read: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
        schools = self.table("organisation").query("kind == 'school'")["organisation_key"]
        every = pd.concat([read(key).assign(organisation_key=key) for key in schools])
        keyed = every.assign(wire_key=every["organisation_key"] + ":" + every["local_id"])
        return keyed.merge(self.keys("journal"), on="wire_key")


def counts(frame: pd.DataFrame, *columns: str) -> dict[Any, int]:
    return {key if isinstance(key, tuple) else (key,): int(number) for key, number in frame.groupby(list(columns)).size().items()}


def rows(found: dict[Any, int], *others: dict[Any, int]) -> list[tuple[Any, ...]]:
    """Key, its number, and its number in each other count."""
    return [(*key, number, *(other.get(key, 0) for other in others)) for key, number in found.items()]


def years(born: pd.Series[Any], on: date) -> pd.Series[Any]:
    when = pd.to_datetime(born)
    return on.year - when.dt.year - ((when.dt.month > on.month) | ((when.dt.month == on.month) & (when.dt.day > on.day))).astype(int)


def grades(truth: Truth) -> list[tuple[Any, ...]]:
    roll = truth.roll(COUNTED)
    return rows(counts(roll, "grade"), counts(roll[roll["sex"] == "F"], "grade"))


def later_shift(truth: Truth) -> list[tuple[Any, ...]]:
    roll = truth.roll(COUNTED)
    later = counts(roll[roll["shift"] > 1], "organisation_key")
    return [(key, number, total) for key, number, total in rows(later, counts(roll, "organisation_key"))]


def levels(truth: Truth) -> list[tuple[Any, ...]]:
    roll = truth.roll(TODAY)
    return [(level, int(roll["grade"].isin(span).sum())) for level, span in LEVELS.items()]


def entered(truth: Truth) -> list[tuple[Any, ...]]:
    lines = truth.listed()
    late = lines[(lines["grade"] > 0) & (lines["entry_date"] > pd.Timestamp(COUNTED))]
    return rows(counts(late.assign(year=[day.isocalendar()[0] for day in late["entry_date"]], week=[day.isocalendar()[1] for day in late["entry_date"]]),
                       "year", "week"))


def ages_of_first(truth: Truth) -> list[tuple[Any, ...]]:
    first = truth.roll(COUNTED).query("grade == 1")
    return rows(counts(first.assign(years=years(first["birth_date"], date(2026, 1, 1))), "years"))


def averages(truth: Truth) -> list[tuple[Any, ...]]:
    marks = truth.marks().query("value in ('2', '3', '4', '5')")
    found = marks.assign(value=marks["value"].astype(int)).groupby("subject")["value"].agg(["size", "mean"])
    return [(subject, int(row["size"]), round(float(row["mean"]), 2)) for subject, row in found.iterrows()]


def quarter(truth: Truth) -> list[tuple[Any, ...]]:
    finals = truth.finals()
    kinds = {name: counts(finals[finals["value"].isin(values)], "subject") for name, values in (
        ("marked", ["2", "3", "4", "5"]), ("good", ["4", "5"]), ("bad", ["2"]), ("none", ["н/а"]))}
    return [(key[0], *(kind.get(key, 0) for kind in kinds.values())) for key in counts(finals, "subject")]


def missed(truth: Truth) -> list[tuple[Any, ...]]:
    marks = truth.marks().query("value in @REASONS")
    return rows(counts(marks.assign(month=[day.replace(day=1) for day in pd.to_datetime(marks["lesson_date"]).dt.date], reason=marks["value"].map(REASONS)),
                       "month", "reason"))


def crowded(truth: Truth) -> list[tuple[Any, ...]]:
    roll = truth.roll(COUNTED)
    found = roll.groupby(["organisation_key", "place_count", "shifts"]).size().reset_index(name="pupils")
    return [(row.organisation_key, row.place_count, row.pupils) for row in found.itertuples() if row.pupils > row.place_count * row.shifts]


def foreign(truth: Truth) -> list[tuple[Any, ...]]:
    return rows(counts(truth.roll(COUNTED).query("citizenship != '643'"), "citizenship"))


def school_age(truth: Truth) -> pd.DataFrame:
    """Living children of 7 to 17 full years at 1 January who live in the republic, and whether a journal or a university has them today."""
    people = truth.people()
    dead, outside = pd.to_datetime(people["death_date"]), truth.outside()
    ages = years(people["birth_date"], date(2025, 1, 1))
    here = people[ages.between(7, 17) & (dead.isna() | (dead > pd.Timestamp(TODAY))) & ~people["person_id"].isin(outside)]
    learning = set(truth.roll(TODAY)["person_id"]) | set(people.loc[people["kind"] == "student", "person_id"])
    return here.assign(is_enrolled=here["person_id"].isin(learning))


def exams(truth: Truth) -> list[tuple[Any, ...]]:
    marks = truth.table("student_mark")
    least = {"MARK": 3, "DIF_CREDIT": 3, "CREDIT": 1, "HUNDRED_POINT": 60}
    passed = marks[marks["mark_value"] >= marks["mark_type"].map(least)]
    return rows(counts(marks, "mark_type"), counts(passed, "mark_type"))


def journals(truth: Truth) -> list[tuple[Any, ...]]:
    return rows(counts(truth.table("organisation"), "kind", "product"))


ANSWERS: dict[int, Callable[[Truth], list[tuple[Any, ...]]]] = {
    1: lambda truth: rows(counts(truth.roll(COUNTED), "municipality")),
    2: grades,
    3: lambda truth: rows(counts(truth.roll(COUNTED), "is_rural")),
    4: later_shift,
    5: levels,
    6: entered,
    9: lambda truth: rows(counts(truth.roll(COUNTED).query("study_form == 'семейная'"), "grade")),
    10: ages_of_first,
    12: averages,
    13: quarter,
    14: missed,
    15: lambda truth: [("2025-Q1", sum(date(2025, 9, 1) <= day <= TODAY for day in days.school_days()))],
    16: crowded,
    18: foreign,
    19: exams,
    20: journals,
}


def asked(lived: Lived, number: int) -> list[tuple[Any, ...]]:
    worked = next(one for one in worked_queries.read() if one.number == number)
    with lived.warehouse.engine("analyst").connect() as connection:
        return [tuple(row) for row in connection.execute(text(worked.sql))]


def plain(found: list[tuple[Any, ...]]) -> Answer:
    """Numbers of any type are compared as numbers."""
    return Counter(tuple(float(cell) if isinstance(cell, (int, float)) or type(cell).__name__ in ("Decimal", "int64", "int32") else cell for cell in row)
                   for row in found)


@pytest.mark.parametrize("number", sorted(ANSWERS))
def test_the_answer_of_a_worked_question_is_the_truth(lived: Lived, number: int) -> None:
    assert plain(asked(lived, number)) == plain(ANSWERS[number](Truth(lived.world)))


def test_question_7_counts_every_child_and_misplaces_only_those_whose_registration_nobody_told(lived: Lived) -> None:
    names = pd.read_csv(CODES / "municipalities.csv", dtype=str).set_index("oktmo")["name"]
    children = school_age(Truth(lived.world))
    true, found = counts(children.assign(place=children["registered_oktmo"].map(names)), "place"), asked(lived, 7)
    assert [sum(row[n] for row in found) for n in (1, 2, 3)] == [len(children), children["is_enrolled"].sum(), (~children["is_enrolled"]).sum()]
    unknown = sum(row[1] for row in found if row[0] is None)
    short = {key[0]: number - sum(row[1] for row in found if row[0] == key[0]) for key, number in true.items()}
    assert sum(max(gap, 0) for gap in short.values()) <= unknown + sum(max(-gap, 0) for gap in short.values())


def test_question_8_gives_a_reason_to_each_child_who_studies_nowhere(lived: Lived) -> None:
    children = school_age(Truth(lived.world))
    found = dict(asked(lived, 8))
    assert sum(found.values()) == (~children["is_enrolled"]).sum() > 0
    assert set(found) <= {"kindergarten", "graduated", "expelled", "health", "never_enrolled", "transfer", "unknown"}


def test_question_11_pairs_the_place_of_registration_with_that_of_the_school(lived: Lived) -> None:
    truth = Truth(lived.world)
    lines = truth.table("fms_registration").merge(truth.keys("fms"), on="wire_key")
    here = lines[pd.to_datetime(lines["date_from"]) <= pd.Timestamp(TODAY)]
    here = here[pd.to_datetime(here["date_to"]).isna() | (pd.to_datetime(here["date_to"]) > pd.Timestamp(TODAY))]
    lives = here.sort_values(["kind", "date_from"], ascending=[True, False]).drop_duplicates("person_id")
    both = truth.roll(TODAY).merge(lives[["person_id", "region_oktmo"]], on="person_id").query("region_oktmo != oktmo and region_oktmo.notna()")
    true, found = counts(both, "region_oktmo", "oktmo"), {row[:2]: row[2] for row in asked(lived, 11)}
    assert 0 < sum(found.values()) <= sum(true.values())
    assert {pair: number for pair, number in found.items() if number > true.get(pair, 0)} == {}, "a department that did not answer leaves children out"


def test_question_17_counts_the_living_children_of_that_age_who_do_not_study(lived: Lived) -> None:
    truth = Truth(lived.world)
    people = truth.people()
    ages, learning = years(people["birth_date"], date(2026, 9, 1)), set(truth.roll(TODAY)["person_id"])
    awaited = people[ages.isin((6, 7)) & people["death_date"].isna() & ~people["person_id"].isin(learning | truth.outside())]
    assert sum(row[1] for row in asked(lived, 17)) == len(awaited) > 0


def test_the_file_has_twenty_questions_each_with_what_a_row_is() -> None:
    worked = worked_queries.read()
    assert [one.number for one in worked] == list(range(1, 21))
    assert worked_queries.FILE.read_text("utf-8").count("```sql") == len(worked)
