"""Tables of report R4: sections 4 and 7 of 85-К, groups by name, places and coverage."""

from __future__ import annotations

from functools import cache

import pandas as pd
import yaml

from warehouse.reports import forms
from warehouse.reports.model import Column, Table
from warehouse.reports.shape import LEAST, UNKNOWN_PLACE, integer, text, with_total

RUSSIA = "643"
OLDEST = 7
"""Column «7 and over» of section 7."""
NO_NAME, OTHER_NAME = "Группа не названа", "Другое название"


@cache
def group_names() -> tuple[tuple[str, str, str], ...]:
    """(beginning of the name, title, column of section 4), in the order they are tried."""
    raw = yaml.safe_load((forms.FOLDER / "form_85k.yaml").read_text(encoding="utf-8"))
    return tuple((one["starts"], one["title"], one["column"]) for one in raw["group_names"])


def named(groups: pd.Series[str]) -> pd.DataFrame:
    """Columns `title` and `column` of each group by the beginning of its name: NO_NAME and missing without one, OTHER_NAME and `unknown` where it tells no age."""
    names = groups.astype("string").str.strip().str.lower().str.replace("ё", "е", regex=False)
    has_name = names.notna() & (names != "")
    made = pd.DataFrame({"title": pd.Series(OTHER_NAME, index=groups.index, dtype="object").where(has_name, NO_NAME),
                         "column": pd.Series("unknown", index=groups.index, dtype="object").where(has_name)})
    for starts, title, column in reversed(group_names()):
        fits = names.str.startswith(starts).fillna(False).astype(bool)
        made.loc[fits, ["title", "column"]] = [title, column]
    return made


def age_name(ages: pd.Series[int]) -> pd.Series[str]:
    """The column of section 7 that an age in full years belongs to."""
    return "age_" + ages.clip(upper=OLDEST).astype("string").fillna("unknown")


def is_foreign(citizenship: pd.Series[str]) -> pd.Series[bool]:
    """Citizenship of another state is known."""
    return citizenship.notna() & (citizenship != RUSSIA).fillna(False).astype(bool)


def _form_table(section_name: str, sheet: str, figures: dict[str, pd.Series[int]], *, leave_out: set[str]) -> Table:
    """A section of the form: `figures` by row, each a series by column name; what no source sends is printed so."""
    section = forms.read("form_85k").sections[section_name]
    shown = [line for line in section.columns if line.name not in leave_out]
    body = []
    for line in section.rows:
        counts = [int(forms.of_line(figures, line).get(column.name, 0)) for column in shown[1:]] if line.available else []
        cells = [sum(counts), *counts] if line.available else ["нет данных", *[None] * len(shown[1:])]
        body.append([line.printed_code, line.title, *cells])
    columns = (text("code", "Код строки", 8), text("title", "Показатель", 52), *(
        integer(line.name, line.title if line.printed_code == "–" else f"{line.title} (графа {line.code})", 12) for line in shown))
    return Table(name=section_name, sheet=sheet, title=section.heading, columns=columns,
                 rows=pd.DataFrame(body, columns=[column.name for column in columns], dtype="object"))


def children(rows: pd.DataFrame) -> Table:
    """Section 7: children by age; rows 701, 702, 703, 704, 707, 708 are counted. All children of preschool groups are on preschool programmes."""
    aged = rows.assign(age_name=age_name(rows["age_years"]))
    foreign, girls = is_foreign(rows["citizenship"]), (rows["sex"] == "F").fillna(False).astype(bool)
    parts = {"all": aged, "girls": aged[girls], "foreign": aged[foreign], "foreign_girls": aged[foreign & girls]}
    parts |= {"programme": parts["all"], "programme_girls": parts["girls"]}
    figures = {name: part.groupby("age_name")["child_count"].sum() for name, part in parts.items()}
    return _form_table("children", "Раздел 7, возраст", figures, leave_out={"age_unknown"} - set(aged["age_name"]))


def group_list(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per organisation and group: children, title and column by its name."""
    groups = rows.groupby(["organisation_key", "class_letter"], dropna=False)["child_count"].sum().reset_index()
    return pd.concat([groups, named(groups["class_letter"])], axis=1)


def groups(listed: pd.DataFrame) -> Table:
    """Section 4: groups by the age that their name tells."""
    return _form_table("groups", "Раздел 4, группы", {"groups": listed.groupby("column").size()}, leave_out={"unknown"} - set(listed["column"].dropna()))


def group_kinds(listed: pd.DataFrame) -> Table:
    """Groups and children by the beginning of the group's name, those without an age or a name in lines of their own."""
    titles = [*(title for _, title, _ in group_names()), OTHER_NAME, NO_NAME]
    named_groups = listed[listed["title"] != NO_NAME]
    body = pd.DataFrame({"title": titles, "group_count": named_groups.groupby("title").size().reindex(titles, fill_value=0).to_numpy(),
                         "child_count": listed.groupby("title")["child_count"].sum().reindex(titles, fill_value=0).astype(int).to_numpy()})
    body = with_total(body, label="Всего", counts=["group_count", "child_count"])
    return Table(name="group_kinds", sheet="Группы по названиям", title="Группы и дети по названиям групп", rows=body, is_total_last=True, columns=(
        text("title", "Название группы начинается", 32), integer("group_count", "Групп"), integer("child_count", "Детей")))


def _per_hundred(child_count: pd.Series[int], place_count: pd.Series[int]) -> pd.Series[int]:
    """Children per 100 places, a half upwards; missing without places."""
    places = place_count.astype("Int64")
    return (child_count.astype("Int64") * 200 + places) // (places.where(places > 0) * 2)


def organisations(places: pd.DataFrame) -> Table:
    """Each organisation with preschool groups: children, places, children per 100 places, children over the places; a total row."""
    body = places.assign(municipality=places["municipality"].fillna(UNKNOWN_PLACE), organisation_name=places["organisation_name"].fillna("нет в реестре"))
    keys = ["municipality", "organisation_name", "organisation_key"]
    body = with_total(_with_places(body)[[*keys, *COUNTS]].sort_values(keys), label="Всего", counts=list(COUNTS))
    return Table(name="organisations", sheet="По организациям", title="Дети и места по организациям", is_filtered=True, is_total_last=True,
                 rows=_hundreds(body), columns=(text("municipality", "Муниципалитет", 28), text("organisation_name", "Организация", 60),
                                                text("organisation_key", "ОГРН", 16), *_COLUMNS))


def overloaded(places: Table) -> Table:
    """Kindergartens with more children than places, the fullest first."""
    body = places.rows.iloc[:-1]
    body = body[body["excess_count"].astype(int) > 0].sort_values(["per_hundred", "organisation_key"], ascending=[False, True])
    return Table(name="overloaded", sheet="Перегруженные", title="Детские сады, где детей больше, чем мест", is_filtered=True, rows=body,
                 columns=places.columns, note="Первыми – самые заполненные.")


def municipalities(places: pd.DataFrame) -> Table:
    """The same by municipality of the organisation, and how many kindergartens are overloaded."""
    one = _with_places(places.assign(municipality=places["municipality"].fillna(UNKNOWN_PLACE)))
    one = one.assign(overloaded_count=(one["excess_count"] > 0).astype(int))
    counts = [*COUNTS, "overloaded_count"]
    body = with_total(one.groupby("municipality")[counts].sum().reset_index(), label="Всего", counts=counts)
    return Table(name="municipalities", sheet="По муниципалитетам", title="Дети и места по муниципалитетам организаций", is_filtered=True, is_total_last=True,
                 rows=_hundreds(body), columns=(
                     text("municipality", "Муниципалитет", 30), *_COLUMNS[:-1], integer("overloaded_count", "Перегруженных детских садов", 14), _COLUMNS[-1]))


COUNTS = ("child_count", "outside_count", "place_count", "silent_place_count", "excess_count", "free_count")
_COLUMNS = (integer("child_count", "Детей"), integer("outside_count", "из них там, где число мест неизвестно", 14), integer("place_count", "Мест"),
            integer("silent_place_count", "из них в детских садах, не передавших сведений", 16),
            integer("excess_count", "Детей сверх мест"), integer("free_count", "Свободных мест"), integer("per_hundred", "Детей на 100 мест"))


def _with_places(places: pd.DataFrame) -> pd.DataFrame:
    """A kindergarten without a single child has sent nothing: its places are neither free nor counted in children per 100 places."""
    known, child = places["place_count"].notna(), places["child_count"].astype(int)
    seats, is_silent = places["place_count"].fillna(0).astype(int), child == 0
    compared = known & ~is_silent
    return places.assign(child_count=child, outside_count=child.where(~known, 0), place_count=seats, silent_place_count=seats.where(is_silent, 0),
                         excess_count=(child - seats).clip(lower=0).where(compared, 0), free_count=(seats - child).clip(lower=0).where(compared, 0))


def _hundreds(body: pd.DataFrame) -> pd.DataFrame:
    """The rows with children per 100 places, children counted where the number of places is known."""
    inside = body["child_count"].astype(int) - body["outside_count"].astype(int)
    seats = body["place_count"].astype(int) - body["silent_place_count"].astype(int)
    return body.assign(per_hundred=_per_hundred(inside, seats).astype("object"))


def coverage(rows: pd.DataFrame) -> Table:
    """Children aged 1 to 6 by municipality of residence, in kindergartens, in schools, and the share in kindergartens; no share of fewer than LEAST."""
    counts = ["child_count", "kindergarten_count", "enrolled_count"]
    body = rows.assign(municipality=rows["municipality"].fillna(UNKNOWN_PLACE)).groupby("municipality")[counts].sum().reset_index()
    body = with_total(body, label="Всего", counts=counts)
    all_of_age = body["child_count"].astype(float)
    share = body["kindergarten_count"].astype(float) / all_of_age.where(all_of_age >= LEAST)
    return Table(name="coverage", sheet="Охват 1–6 лет", title="Охват дошкольным образованием детей 1–6 лет по муниципалитетам проживания", is_filtered=True,
                 is_total_last=True, rows=body.assign(coverage_share=share), note=f"Доля не показана там, где детей меньше {LEAST}.", columns=(
                     text("municipality", "Муниципалитет", 30), integer("child_count", "Детей 1–6 лет"), integer("kindergarten_count", "Посещают детский сад"),
                     integer("enrolled_count", "Только школа"), Column(name="coverage_share", title="Охват", kind="share")))
