"""Universities: students who were born in the region, their plans, disciplines, contingent flows and marks."""

from __future__ import annotations

from uuid import UUID

import duckdb
import numpy as np

from connectors.mocks.region import civil, documents, errors, households, journals, lives, names, pension, snils, store, wires
from connectors.mocks.region.chance import Array, Columns, generator, has, keys, mix, share, take, where
from connectors.mocks.region.mistakes import NAMES, spoil_dates, spoil_names
from connectors.mocks.region.organisations import Network
from connectors.mocks.region.places import Places

SOURCE = "vuz_scos"
STUDENTS = 0.03
"""Students as a share of the region's children (5 % of the number of pupils)."""
PERSONS = 2_000_000_000
"""First person_id of students."""
STUDENT_CHUNK = 1_000_000
_DISCIPLINES_A_SEMESTER = 6
WINTER_SESSION = 30
"""School day on which the winter session begins; a tenth of its results come before, one by one."""


def day_zero(world: duckdb.DuckDBPyConnection, truth: duckdb.DuckDBPyConnection, seed: int, children: int, places: Places, network: Network) -> None:
    """Write universities, and the birth acts and accounts of their students."""
    plans = _plans(seed, network)
    made = people(seed, children, places)
    rng = generator(seed, "universities")
    students = _students(rng, made, plans, network)
    wires.keep(truth, made)
    disciplines, links = _disciplines(seed, network, plans)
    wires.write(world, truth, [("seen.student", SOURCE, students)])
    wires.write(world, truth, [("seen.journal_pupil", "journal", journals.graduates(seed, take(made, np.flatnonzero(students["study_year"] == 1)), network))])
    for table, rows in (("seen.study_plan", plans), ("seen.discipline", disciplines), ("seen.plan_discipline", links)):
        store.append(world, table, rows)
    store.append(world, "seen.contingent_flow", _flows(rng, students, plans), day=0)
    store.append(world, "seen.student_mark", marks(students, links))
    wires.write(world, truth, [("seen.zags_act", "zags", rows) for rows in civil.day_zero(seed, STUDENT_CHUNK, made, places)])
    wires.write(world, truth, [("seen.pfr_account", pension.SOURCE, pension.accounts(rng, made))])


def people(seed: int, children: int, places: Places) -> Columns:
    """The true students: families like the others', each an only child born 17-23 years before day 0."""
    count = max(20, round(children * STUDENTS))
    made = households.make(seed, STUDENT_CHUNK, children, count, places, None)
    made["household"] = children + np.arange(count)
    made["mother_id"] = households.MOTHERS + made["household"]
    rng = generator(seed, "students")
    born = np.datetime64("2002-02-01") + rng.integers(0, 365 * 6, count)
    older = (made["birth_date"] - born).astype(int)
    made |= {"birth_date": born, "mother_birth_date": made["mother_birth_date"] - older, "father_birth_date": made["father_birth_date"] - older,
             "birth_count": np.ones(count, dtype=int), "birth_order": np.ones(count, dtype=int), "person_id": PERSONS + np.arange(count)}
    made |= documents.make(seed, STUDENT_CHUNK, made, places)
    made |= lives.make(seed, STUDENT_CHUNK, made)
    nothing = np.full(count, None, dtype=object)
    texts = {name: nothing for name in ("letter", "group_name", "study_form", "absence_reason")}
    numbers = {"organisation": np.full(count, -1), "grade": np.zeros(count, dtype=int), "shift": np.ones(count, dtype=int)}
    never = {name: np.full(count, np.datetime64("NaT"), dtype="datetime64[D]") for name in ("death_date", "entry_date")}
    return made | texts | numbers | never | {"registered": made["place"], "kind": np.full(count, "student", dtype=object)}


def uuids(texts: Array) -> Array:
    """Ids that look as ГИС СЦОС gives them, always the same for the same text."""
    high = mix(keys(texts))
    low = mix(high)
    return np.array([str(UUID(int=(int(h) << 64) | int(lo), version=4)) for h, lo in zip(high, low, strict=True)], dtype=object)


def _plans(seed: int, network: Network) -> Columns:
    """Three programmes a university and five starting years each."""
    members = np.flatnonzero(network.kind == "university")
    programmes = names.rows("programme")
    rows = [(network.register["organisation_key"][u], p, y) for n, u in enumerate(members) for p in programmes[n * 3:n * 3 + 3] for y in range(2021, 2026)]
    external = np.array([f"UP-{o[-4:]}-{p['code']}-{y}" for o, p, y in rows], dtype=object)
    columns = {"organisation_key": [r[0] for r in rows], "title": [r[1]["title"] for r in rows], "direction": [r[1]["title"] for r in rows],
               "code_direction": [r[1]["code"] for r in rows], "education_form": ["FULL_TIME" if n % 7 else "EXTRAMURAL" for n in range(len(rows))]}
    return {name: np.array(values, dtype=object) for name, values in columns.items()} | {
        "external_id": external, "plan_id": uuids(external), "start_year": np.array([r[2] for r in rows]), "end_year": np.array([r[2] + 4 for r in rows])}


def _students(rng: np.random.Generator, made: Columns, plans: Columns, network: Network) -> Columns:
    count = len(made["serial"])
    born = made["birth_date"].astype("datetime64[Y]").astype(int) + 1970
    start = np.clip(born + 18 + (rng.random(count) < 0.1), 2021, 2025)
    offset = rng.integers(0, len(plans["plan_id"]) // 5, count)
    plan = offset * 5 + start - 2021
    luck = rng.random(count)
    number = where(luck < errors.rate("snils_missing", "vuz"), None, made["snils"])
    for name, change in (("snils_mistyped", snils.mistyped), ("snils_mistyped_valid", snils.mistyped_valid)):
        mask = (rng.random(count) < errors.rate(name, "vuz")) & has(number)
        number[mask] = change(number[mask])
    external = np.array([f"ST-{n:07d}" for n in made["serial"]], dtype=object)
    spelt = spoil_names(rng, {name: made[name] for name in NAMES} | {"sex": made["sex"]}, "vuz")
    return {"person_id": made["person_id"], "organisation_key": plans["organisation_key"][plan], "external_id": external,
            "wire_key": uuids(external), "surname": spelt["family_name"], "name": spelt["given_name"], "middle_name": spelt["patronymic"],
            "date_of_birth": np.where(rng.random(count) < 0.05, np.datetime64("NaT"), spoil_dates(rng, made["birth_date"], "vuz")),
            "snils": snils.dashed(number, rng.random(count) < 0.6), "study_year": 2026 - start, "plan_id": plans["plan_id"][plan],
            "second_plan_id": where(rng.random(count) < 0.03, plans["plan_id"][(plan + 5) % len(plans["plan_id"])], None)}


def _disciplines(seed: int, network: Network, plans: Columns) -> tuple[Columns, Columns]:
    """Disciplines of each university, and six of them in each semester of each plan."""
    members = np.flatnonzero(network.kind == "university")
    titles = [row["title"] for row in names.rows("discipline")]
    owner = [str(network.register["organisation_key"][u]) for u in members for _ in titles]
    title = np.array(titles * len(members), dtype=object)
    external = np.array([f"D-{o[-4:]}-{n % len(titles):03d}" for n, o in enumerate(owner)], dtype=object)
    disciplines = {"organisation_key": np.array(owner, dtype=object), "discipline_id": uuids(external), "external_id": external, "title": title}
    rng = generator(seed, "plan disciplines")
    organisations = list(dict.fromkeys(owner))
    out: dict[str, list[object]] = {"organisation_key": [], "plan_id": [], "discipline_id": [], "semester": []}
    for plan, of in zip(plans["plan_id"], plans["organisation_key"], strict=True):
        for semester in range(1, 9):
            for row in organisations.index(of) * len(titles) + rng.permutation(len(titles))[:_DISCIPLINES_A_SEMESTER]:
                for name, value in zip(out, (of, plan, disciplines["discipline_id"][row], semester), strict=True):
                    out[name].append(value)
    return disciplines, {name: np.array(values, dtype=int if name == "semester" else object) for name, values in out.items()}


def _flows(rng: np.random.Generator, students: Columns, plans: Columns) -> Columns:
    """Everyone is enrolled; some were deducted, and most of these reinstated a year later."""
    order = np.argsort(plans["plan_id"])
    plan = order[np.searchsorted(plans["plan_id"], students["plan_id"], sorter=order)]
    start = plans["start_year"][plan]
    september = (start - 1970).astype("datetime64[Y]").astype("datetime64[D]") + 243
    luck = rng.random(len(start))
    deducted, back = luck < 0.06, (luck < 0.04) & (start < 2025)
    parts = [_flow(students, np.arange(len(start)), "ENROLLMENT", september, plans, plan),
             _flow(students, np.flatnonzero(deducted), "DEDUCTION", september + 200, plans, plan),
             _flow(students, np.flatnonzero(back), "REINSTATEMENT", september + 365, plans, plan)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _flow(students: Columns, rows: Array, kind: str, date: Array, plans: Columns, plan: Array) -> Columns:
    known = take(students, rows)
    external = known["external_id"] + f"-{kind[:3]}"
    count = len(rows)
    return {"organisation_key": known["organisation_key"], "external_id": external, "wire_key": uuids(external), "student_id": known["wire_key"],
            "flow_type": np.full(count, kind, dtype=object), "date": np.minimum(date[rows], np.datetime64("2025-10-20")),
            "faculty": plans["direction"][plan[rows]], "education_form": plans["education_form"][plan[rows]],
            "form_fin": np.array([("BUDGET", "CONTRACT")[n % 3 == 0] for n in range(count)], dtype=object),
            "details": np.full(count, None, dtype=object), "order_number": np.array([f"{n % 900 + 100}-{kind[0].lower()}" for n in range(count)], dtype=object)}


def marks(students: Columns, links: Columns) -> Columns:
    """Results of all semesters finished by day 0 and, with the day each becomes known, of the one that ends this winter."""
    order = np.argsort(links["plan_id"], kind="stable")
    begin = np.searchsorted(links["plan_id"], students["plan_id"], side="left", sorter=order)
    per_plan = 8 * _DISCIPLINES_A_SEMESTER
    student = np.repeat(np.arange(len(begin)), per_plan)
    link = order[np.repeat(begin, per_plan) + np.tile(np.arange(per_plan), len(begin))]
    semester = links["semester"][link]
    now = 2 * students["study_year"][student] - 1
    done = semester <= now
    found = results(take(students, student[done]), take(links, link[done]))
    luck = share(mix(keys(found["external_id"]) ^ np.uint64(7)))
    early = (luck * 10 % 1 * 29).astype(int) + 1
    winter = np.where(luck < 0.1, early, WINTER_SESSION + (luck * 1000 % 1 * 25).astype(int))
    return found | {"day": np.where(semester[done] == now[done], winter, 0)}


def results(students: Columns, links: Columns) -> Columns:
    """One result for each student and discipline given side by side."""
    external = students["external_id"] + "-" + np.array([d[:8] for d in links["discipline_id"]], dtype=object) + "-" + links["semester"].astype("U2").astype(object)
    luck = share(mix(keys(external)))
    kind = np.array(["MARK", "CREDIT", "DIF_CREDIT", "HUNDRED_POINT"], dtype=object)[
        np.searchsorted(np.array([0.45, 0.75, 0.92]), share(mix(keys(links["discipline_id"]))))]
    five = 2 + np.searchsorted(np.array([0.04, 0.3, 0.68]), luck)
    value = np.where(kind == "CREDIT", luck > 0.06, np.where(kind == "HUNDRED_POINT", (40 + luck * 60).astype(int), five)).astype(int)
    return {"organisation_key": students["organisation_key"], "external_id": external, "wire_key": uuids(external), "student_id": students["wire_key"],
            "plan_id": links["plan_id"], "discipline_id": links["discipline_id"], "semester": links["semester"], "mark_type": kind, "mark_value": value}


__all__ = ["SOURCE", "day_zero", "marks", "people", "results", "uuids"]
