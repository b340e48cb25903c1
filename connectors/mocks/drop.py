"""The folder where the ministry and the schools leave their files: register, credentials, contingents, lists, marks."""

from __future__ import annotations

import logging
from pathlib import Path

import pandas as pd

from connectors.mocks import archive
from connectors.mocks.bad_day.clerks import CAREFUL, Clerks
from connectors.mocks.journals.eljur import vendor
from connectors.mocks.journals.files import csv_bytes, put, put_json, write_table
from connectors.mocks.journals.layouts import LAYOUTS, Layout, layout_name
from connectors.mocks.journals.terms import quarter_of, quarters, school_year
from connectors.mocks.journals.world import Finals, Marks, Organisation, World
from connectors.mocks.scos import uuid_key

log = logging.getLogger(__name__)

KINDS = {"school": "Общеобразовательная организация", "kindergarten": "Дошкольная образовательная организация",
         "university": "Образовательная организация высшего образования", "college": "Профессиональная образовательная организация"}
PRODUCTS = {"netschool": "Сетевой город. Образование", "eljur": "ЭлЖур", "bars": "БАРС. Электронная школа", "file": "Файл",
            "scos": "ГИС СЦОС", "none": "Нет"}


def drop(world_folder: Path, day: int, drop_folder: Path, *, url: str, marks: Marks | None = None, finals: Finals | None = None) -> int:
    """Write what lies in the folder on `day`; returns how many files are new or changed. `url` is where the mock servers answer."""
    from connectors.mocks import region  # the region is heavy and tests bring their own marks

    marks, finals = marks or region.progress_marks, finals or region.final_marks
    return write_drop(World(world_folder, day=day, today=region.day_date(day), marks=marks, finals=finals), drop_folder, url=url)


def write_drop(world: World, folder: Path, *, url: str, schools: bool = True, clerks: Clerks = CAREFUL) -> int:
    """Every file of the drop, organisation by organisation (without `schools` only the ministry's); returns how many are new or changed."""
    organisations = list(world.organisations.values())
    changed = int(put(folder / "register.csv", csv_bytes(clerks.register(_register(organisations, url)), "utf-8-sig")))
    changed += archive.write(world, folder / "oo1")
    changed += put_json(folder / "credentials.json", _credentials(organisations))
    for number, organisation in enumerate(organisations if schools else (), 1):
        name = layout_name(organisation)
        if name is not None:
            changed += _write_organisation(world, organisation, clerks.layout(organisation, LAYOUTS[name]), folder / organisation.organisation_key, clerks)
        if number % 100 == 0:
            log.info("drop: %d of %d organisations", number, len(organisations))
    log.info("drop: day %d, %d organisations, %d files new or changed", world.day, len(organisations), changed)
    return changed


def _write_organisation(world: World, organisation: Organisation, layout: Layout, folder: Path, clerks: Clerks) -> int:
    key = organisation.organisation_key
    pupils = world.pupil_frame(key).rename(columns={"wire_key": "local_id"})
    changed = int(write_table(folder / layout.pupils.name, layout.pupils, clerks.pupils(organisation, pupils), organisation))
    clerks.sent(organisation, folder / layout.pupils.name)
    year = school_year(world.today)
    if layout.marks is not None:
        current = quarter_of(world.today)
        for quarter in (quarter for quarter in quarters(year) if quarter.number <= current.number):
            path = folder / layout.marks.name.format(year=year, quarter=quarter.number)
            if quarter == current or not path.exists():  # a school does not write a closed quarter again
                marks = world.mark_frame(key, quarter.first, quarter.last).sort_values(["lesson_date", "lesson_number", "local_id", "mark_id"])
                changed += write_table(path, layout.marks, clerks.marks(organisation, marks), organisation)
    if layout.finals is not None:
        finals = world.final_frame(key)
        if len(finals):
            ordered = finals.sort_values(["local_id", "subject_name", "period"])
            changed += write_table(folder / layout.finals.name.format(year=year), layout.finals, ordered, organisation)
    return changed


def journal_url(organisation: Organisation, url: str) -> str:
    """Where this organisation's journal answers; empty when it has none."""
    paths = {"netschool": "/netschool/webapi", "eljur": f"/eljur/{vendor(organisation)}/apiv3", "bars": "/bars/api", "scos": "/vam/api/v2"}
    path = paths.get(organisation.product)
    return "" if path is None else f"{url.rstrip('/')}{path}"


def _register(organisations: list[Organisation], url: str) -> pd.DataFrame:
    rows = [{
        "ОГРН": each.organisation_key, "ИНН": each.inn, "Наименование": each.name, "Вид": KINDS[each.kind], "ОКТМО": each.oktmo,
        "Населённый пункт": each.settlement, "Местность": None if each.is_rural is None else "сельская" if each.is_rural else "городская",
        "Электронный журнал": PRODUCTS[each.product], "Адрес журнала": journal_url(each, url), "Код в журнале": each.local_id,
        "Мест": each.place_count, "Смен": each.shift_count} for each in organisations]
    return pd.DataFrame(rows).astype({"Мест": "Int64", "Смен": "Int64"})


def _credentials(organisations: list[Organisation]) -> dict[str, dict[str, str | None]]:
    return {each.organisation_key: {"login": each.login, "password": uuid_key(each) if each.product == "scos" else each.password}
            for each in organisations if each.product in {"netschool", "eljur", "bars", "scos"}}
