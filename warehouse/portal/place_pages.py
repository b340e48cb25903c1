"""Pages of municipalities and organisations: from the republic down to a school, each with what every report says of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from warehouse.portal import drill
from warehouse.portal.history import Moment
from warehouse.portal.register import Municipality, Organisation, balance
from warehouse.portal.validation.cells import Link, Spark
from warehouse.reports import open_data, pictures, plots
from warehouse.reports.model import Chart, Column, Report, Table
from warehouse.reports.page import environment
from warehouse.reports.shape import LEAST, integer, text
from warehouse.reports.wording import MISSING, counted, number, share

FOLDER = "places"
HERE = "places.html"
Site = tuple[tuple[str, str], ...]
MOST_DRAWN = 30


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What all pages of one build share."""

    reports: Sequence[Report]
    municipalities: Sequence[Municipality]
    organisations: Sequence[Organisation]
    moments: Sequence[Moment]
    version: int
    as_of: date
    site: Site


def write(folder: Path, about: Shelf) -> int:
    """Write `places.html` and a page for each municipality and organisation into `folder/places`; returns how many."""
    (folder / FOLDER).mkdir()
    (folder / HERE).write_text(_render("places.html", about, here=HERE, title="Районы и организации", root="", is_linked=False,
                                       tables=(_municipalities(about), organisation_table(about.organisations, ""))), encoding="utf-8")
    exact = [report for report in about.reports if report.name != open_data.DEFINITION.name]  # rounded figures beside exact ones would only confuse
    by_municipality, by_organisation = (drill.by_place(exact, key) for key in ("municipality", "organisation_key"))
    for one in about.municipalities:
        (folder / one.href).write_text(_municipality(about, one, by_municipality.get(one.name, [])), encoding="utf-8")
    above = {one.oktmo: Link(one.name, f"m-{one.oktmo}.html") for one in about.municipalities}
    for school in about.organisations:
        (folder / school.href).write_text(_organisation(about, school, above.get(school.oktmo or ""), by_organisation.get(school.key, [])), encoding="utf-8")
    return 1 + len(about.municipalities) + len(about.organisations)


def _render(template: str, about: Shelf, **context: Any) -> str:
    return environment().get_template(template).render(**{
        "site": about.site, "version": about.version, "as_of": about.as_of, "here": "", "above": HERE, "root": "../", "is_linked": True, **context})


def _place(about: Shelf, **context: Any) -> str:
    return _render("place.html", about, has_whole=drill.has_whole, most_rows=drill.MOST_ROWS, **context)


def organisation_table(organisations: Iterable[Organisation], root: str) -> Table:
    """Organisations with their places and children; `root` leads from the page to the folder of the portal."""
    rows = [(Link(one.name, f"{root}{one.href}"), one.kind_title, one.municipality, one.settlement,
             one.place_count, one.shift_count, one.pupil_count, per_hundred(one)) for one in organisations]
    columns = (text("name", "Организация", 44), text("kind", "Вид"), text("municipality", "Муниципалитет", 28), text("settlement", "Населённый пункт", 18),
               integer("place_count", "Мест"), integer("shift_count", "Смен"), integer("pupil_count", "Детей"), integer("per_hundred", "Детей на 100 мест"))
    return Table(name="organisations", sheet="Организации", title="Организации", columns=columns, is_filtered=True,
                 rows=pd.DataFrame(rows, columns=[column.name for column in columns], dtype="object"))


def per_hundred(one: Organisation) -> int | None:
    """Children to a hundred places."""
    return round(100 * one.pupil_count / one.place_count) if one.place_count else None


def _municipalities(about: Shelf) -> Table:
    rows = []
    for one in about.municipalities:
        schools, gardens = balance(one.organisations, "school"), balance(one.organisations, "kindergarten")
        rows.append((Link(one.name, one.href), one.child_count, one.not_enrolled_count, not_enrolled_share(one), len(one.organisations),
                     schools.pupil_count, schools.place_count, gardens.pupil_count, gardens.place_count))
    columns = (text("name", "Муниципалитет", 30), integer("child_count", "Детей 7–17 лет"), integer("not_enrolled_count", "Не обучаются"),
               Column(name="share", title="Доля не обучающихся", kind="share"), integer("organisation_count", "Организаций"),
               integer("pupil_count", "Детей в школах"), integer("school_places", "Мест в школах"), integer("garden_children", "Детей в садах"),
               integer("garden_places", "Мест в садах"))
    return Table(name="municipalities", sheet="Муниципалитеты", title="Муниципалитеты", columns=columns, is_filtered=True,
                 rows=pd.DataFrame(rows, columns=[column.name for column in columns], dtype="object"))


def not_enrolled_share(one: Municipality) -> float | None:
    """Children of school age who study nowhere among all of that age; None with fewer than LEAST of them."""
    return one.not_enrolled_count / one.child_count if one.child_count >= LEAST else None


def _municipality(about: Shelf, one: Municipality, parts: list[drill.Part]) -> str:
    schools, gardens = balance(one.organisations, "school"), balance(one.organisations, "kindergarten")
    known = not_enrolled_share(one)
    of_all = f" ({share(known)})" if known is not None else ""
    figures = (("Детей 7–17 лет", number(one.child_count), None), ("Нигде не обучаются", number(one.not_enrolled_count), _spark(
                   [moment.not_enrolled.get(one.oktmo, 0) for moment in about.moments])),
               ("Детей в школах", number(schools.pupil_count), _spark([sum(moment.pupils.get(school.key, 0) for school in one.organisations
                                                                          if school.kind == "school") for moment in about.moments])),
               ("Мест в школах", number(schools.place_count), None), ("Детей в детских садах", number(gardens.pupil_count), None),
               ("Мест в детских садах", number(gardens.place_count), None))
    return _place(about, title=one.name, path=((HERE, "Районы и организации"),), figures=figures, facts=(("ОКТМО", one.oktmo),), parts=parts,
                  picture=_places_picture(one.organisations), organisations=organisation_table(one.organisations, "../"),
                  lead=f"{counted(one.child_count, 'ребёнок', 'ребёнка', 'детей')} 7–17 лет, нигде не обучаются {number(one.not_enrolled_count)}{of_all}; "
                       f"{counted(len(one.organisations), 'организация', 'организации', 'организаций')}.")


def _organisation(about: Shelf, one: Organisation, above: Link | None, parts: list[drill.Part]) -> str:
    figures = (("Детей числится", number(one.pupil_count), _spark([moment.pupils.get(one.key, 0) for moment in about.moments])),
               ("Мест", number(one.place_count), None), ("Детей на 100 мест", number(per_hundred(one)), None), ("Смен", number(one.shift_count), None))
    facts = (("ОГРН", one.key), ("Вид", one.kind_title), ("Муниципалитет", above or MISSING), ("Населённый пункт", one.settlement or MISSING),
             ("Местность", MISSING if one.is_rural is None else "село" if one.is_rural else "город"))
    places = "" if one.place_count is None else f" на {counted(one.place_count, 'место', 'места', 'мест')}"
    return _place(about, title=one.name, figures=figures, facts=facts, parts=parts, picture=None, organisations=None,
                  path=((HERE, "Районы и организации"), *(((f"{FOLDER}/{above.href}", above.text),) if above else ())),
                  lead=f"{one.kind_title.capitalize()}, {counted(one.pupil_count, 'ребёнок', 'ребёнка', 'детей')}{places}.")


def _spark(values: list[int]) -> Spark | None:
    return Spark(tuple(values), "дням") if len(values) > 1 else None


def _places_picture(organisations: Iterable[Organisation]) -> pictures.Picture | None:
    """Children and places of the schools and kindergartens, the fullest first."""
    told = sorted((one for one in organisations if one.place_count and one.kind in ("school", "kindergarten")), key=lambda one: (-(per_hundred(one) or 0), one.key))
    if len(told) < 2:
        return None
    table = Table(name="places", sheet="places", title="", rows=pd.DataFrame({
        "name": [one.name for one in told], "children": [one.pupil_count for one in told], "places": [one.place_count for one in told]}),
        columns=(text("name", "Организация"), integer("children", "Детей"), integer("places", "Мест")))
    plot = plots.read(Chart(table="places", title="Дети и места, сначала самые заполненные", x="name", series=("children", "places"), kind="horizontal",
                            most=MOST_DRAWN), table)
    return pictures.Picture(title=plot.title, svg=pictures.picture(plot).svg, data="")
