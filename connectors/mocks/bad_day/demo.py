"""One bad day: who makes which mistake is decided by the order of the organisations' keys, so that every run has the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pandas as pd

from connectors.mocks.bad_day.acts import WRONG_DATES
from connectors.mocks.bad_day.clerks import Clerks
from connectors.mocks.bad_day.mistakes import Made
from connectors.mocks.journals.files import put_json
from connectors.mocks.journals.layouts import LAYOUTS, Layout, layout_name
from connectors.mocks.journals.world import Organisation, World

Suits = Callable[[Organisation], bool]
SILENT = "bars"
"""The journal that does not answer on a bad day."""
WRONG_SNILS, WRONG_BIRTHS, NO_NAMES, FUTURE_MARKS, WORDS = 5, 3, 2, 4, 3


def _is_school(one: Organisation) -> bool:
    return one.product == "file" and one.kind == "school"


def _is_kindergarten(one: Organisation) -> bool:
    return one.product == "file" and one.kind == "kindergarten"


def _writes_workbooks(one: Organisation) -> bool:
    name = layout_name(one)
    return _is_kindergarten(one) and name is not None and LAYOUTS[name].pupils.form.encoding == "xlsx"


ASSIGNED: tuple[tuple[str, Suits], ...] = (
    ("file_cut_off", _writes_workbooks), ("keys_renumbered", _is_kindergarten), ("column_renamed", _is_kindergarten), ("list_halved", _is_kindergarten),
    ("records", _is_kindergarten), ("municipality_unknown", _is_kindergarten), ("marks", _is_school))
"""Mistake (or group of them) → who may make it; each organisation makes one at most, for one that holds a file would hide the next."""
OF_YESTERDAY = ("keys_renumbered", "list_halved")
"""Mistakes only for those who sent something before."""


class Demo(Clerks):
    """The clerks of the bad day of `world`; `made` tells what they did, `write` keeps it beside the world."""

    def __init__(self, world: World) -> None:
        self.day, self.today = world.day, world.today
        self.made: dict[str, Made] = {}
        self._by: dict[str, str] = {}
        free = [one for one in world.organisations.values() if one.product == "file"]
        for mistake, suits in ASSIGNED:
            if mistake in OF_YESTERDAY and not world.day:
                continue
            chosen = next((one for one in free if suits(one)), None)
            if chosen is not None:
                free.remove(chosen)
                self._by[chosen.organisation_key] = mistake
        self._note("act_before_birth", "birth", WRONG_DATES)
        self._note("act_breaks_schema", "paternity", 1)
        if world.of_product(SILENT):
            self._note("journal_silent", SILENT, 1)

    @property
    def off(self) -> frozenset[str]:
        """Products that are silent."""
        return frozenset({SILENT})

    def write(self, path: Path) -> None:
        """Keep what was done as JSON, for those who check whether it was found."""
        put_json(path, {"day": self.day, "date": self.today.isoformat(), "made": [asdict(one) for one in self.made.values()]})

    def pupils(self, organisation: Organisation, rows: pd.DataFrame) -> pd.DataFrame:
        mistake = self._by.get(organisation.organisation_key)
        if mistake == "keys_renumbered":
            self._note(mistake, organisation.organisation_key, len(rows))
            return rows.assign(local_id=list(rows["local_id"].iloc[1:]) + list(rows["local_id"].iloc[:1]))
        if mistake == "list_halved":
            self._note(mistake, organisation.organisation_key, 1)
            return rows.iloc[:max(1, len(rows) * 3 // 10)]
        return self._wrong_records(organisation, rows) if mistake == "records" else rows

    def _wrong_records(self, organisation: Organisation, rows: pd.DataFrame) -> pd.DataFrame:
        """Each wrong record has one mistake; those with a whole СНИЛС and a date of enrolment are taken."""
        sound = rows.index[rows["snils"].astype("str").str.replace(r"\D", "", regex=True).str.len().eq(11) & rows["entry_date"].notna()]
        snils, births, names = (sound[:WRONG_SNILS], sound[WRONG_SNILS:WRONG_SNILS + WRONG_BIRTHS],
                                sound[WRONG_SNILS + WRONG_BIRTHS:WRONG_SNILS + WRONG_BIRTHS + NO_NAMES])
        spoilt = rows.copy()
        spoilt.loc[snils, "snils"] = [_other_digit(str(number)) for number in rows.loc[snils, "snils"]]
        spoilt.loc[births, "birth_date"] = pd.to_datetime(rows.loc[births, "entry_date"]) + timedelta(days=90)
        spoilt.loc[names, ["family_name", "given_name", "patronymic"]] = None
        for mistake, found in (("snils_wrong_digit", snils), ("birth_after_enrolment", births), ("name_missing", names)):
            self._note(mistake, organisation.organisation_key, len(found), tuple(rows.loc[found, "local_id"].astype(str)))
        return spoilt

    def marks(self, organisation: Organisation, rows: pd.DataFrame) -> pd.DataFrame:
        if self._by.get(organisation.organisation_key) != "marks" or len(rows) < FUTURE_MARKS + WORDS:
            return rows
        future, words = rows.index[:FUTURE_MARKS], rows.index[FUTURE_MARKS:FUTURE_MARKS + WORDS]
        spoilt = rows.copy()
        spoilt.loc[future, "lesson_date"] = pd.to_datetime(rows.loc[future, "lesson_date"]) + timedelta(days=366)
        spoilt.loc[words, "value"] = "молодец"
        for mistake, found in (("mark_in_future", future), ("mark_unknown", words)):
            self._note(mistake, organisation.organisation_key, len(found), tuple(rows.loc[found, "mark_id"].astype(str)))
        return spoilt

    def layout(self, organisation: Organisation, layout: Layout) -> Layout:
        if self._by.get(organisation.organisation_key) != "column_renamed":
            return layout
        self._note("column_renamed", organisation.organisation_key, 1)
        renamed = tuple((f"{header} (новое)" if value == "birth_date" else header, value) for header, value in layout.pupils.columns)
        return replace(layout, pupils=replace(layout.pupils, columns=renamed))

    def sent(self, organisation: Organisation, path: Path) -> None:
        if self._by.get(organisation.organisation_key) == "file_cut_off":
            self._note("file_cut_off", organisation.organisation_key, 1)
            content = path.read_bytes()
            path.write_bytes(content[:len(content) // 2])

    def register(self, rows: pd.DataFrame) -> pd.DataFrame:
        wrong = rows["ОГРН"].isin([key for key, mistake in self._by.items() if mistake == "municipality_unknown"])
        for key in rows.loc[wrong, "ОГРН"]:
            self._note("municipality_unknown", str(key), 1)
        return rows.assign(ОКТМО=rows["ОКТМО"].mask(wrong, "99999999"))

    def _note(self, mistake: str, sender: str, count: int, keys: tuple[str, ...] = ()) -> None:
        self.made[mistake] = Made(mistake=mistake, sender=sender, count=count, keys=keys)


def _other_digit(number: str) -> str:
    """The same number with its last digit one higher: the control number then shows it."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def read(path: Path) -> list[Made]:
    """What `Demo.write` kept."""
    return [Made(**{**one, "keys": tuple(one["keys"])}) for one in json.loads(path.read_text("utf-8"))["made"]]
