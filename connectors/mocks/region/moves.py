"""Moves of families, changes of school, withdrawals, new enrolments and joined accounts after day 0."""

from __future__ import annotations

import numpy as np

from connectors.mocks.region import acts, interior, journals, pension, schooling
from connectors.mocks.region.chance import Array, Columns, pick, take, where
from connectors.mocks.region.organisations import LETTERS
from connectors.mocks.region.today import Today

MOVE, TRANSFER, WITHDRAWAL, ENROLMENT, MERGED = 5e-4, 3e-4, 4e-5, 2e-4, 2e-5
"""A child of the region and school day; a move takes the whole family."""
STAYS_NEAR, FOLLOWS, FORGOTTEN = 0.75, 0.6, 0.15
"""Of moves: inside the municipality; of pupils who moved: change school; of transfers: the old school keeps the pupil listed."""
_A_DAY = 20_000_000


def happen(today: Today) -> None:
    """All events of this kind of one day."""
    families_move(today)
    pupils = today.some("transfer", today.count("transfer", TRANSFER), "organisation >= 0 AND grade > 0")
    transfer(today, pupils, "transfer")
    withdrawals(today)
    enrolments(today)
    joined_accounts(today)


def families_move(today: Today) -> None:
    """The old registration ends, a new one begins; some pupils change school."""
    rng = today.chance("move away")
    heads = today.some("move", today.count("move", MOVE), "citizenship = '643'")
    family = today.families(heads)
    count = len(family["serial"])
    home = np.unique(family["household"], return_inverse=True)[1]
    houses = int(home.max()) + 1 if count else 0
    near, far = rng.random(houses) < STAYS_NEAR, pick(rng, np.arange(len(today.places.oktmo)), today.places.weight, houses)
    luck = rng.random(houses)
    within = np.array([today.places.of(today.places.oktmo[place])[int(at * len(today.places.of(today.places.oktmo[place])))]
                       for place, at in zip(family["place"], luck[home], strict=True)], dtype=int)
    served = np.isin(far, np.array(list(today.network.serving["school"]), dtype=int))
    target = np.where(near[home] | ~served[home], within, far[home])
    family |= {"place": target, "registered": target, "street": rng.integers(0, 25, houses)[home], "house": rng.integers(1, 120, houses)[home]}
    today.record("move", family["person_id"])
    _register_anew(today, family)
    today.put(family)
    follow = np.flatnonzero((family["organisation"] >= 0) & (family["grade"] > 0) & (rng.random(count) < FOLLOWS))
    transfer(today, take(family, follow), "transfer after move")


def _register_anew(today: Today, family: Columns) -> None:
    old = today.latest("seen.fms_registration", interior.SOURCE, family["person_id"])
    ending = take(old, np.flatnonzero((old["kind"] == "living") & np.isnat(old["date_to"].astype("datetime64[D]"))))
    count = len(ending["wire_key"])
    today.write("seen.fms_registration", interior.SOURCE, ending | {"date_to": np.full(count, today.date - 1), "day": np.full(count, today.day)})
    citizens = take(family, np.flatnonzero(family["citizenship"] == "643"))
    rows = interior.registrations(today.chance("registration"), citizens, citizens["registered"], "living", f"-{today.day}", today.places)
    today.write("seen.fms_registration", interior.SOURCE, rows | {"date_from": np.full(len(citizens["serial"]), today.date)})


def transfer(today: Today, pupils: Columns, purpose: str) -> None:
    """Pupils leave one school for another; a few stay listed in the first."""
    rng = today.chance(purpose + " school")
    chosen = today.network.choose("school", pupils["place"], rng.random(len(pupils["serial"])))
    changed = np.flatnonzero(chosen != pupils["organisation"])
    pupils, chosen = take(pupils, changed), chosen[changed]
    struck = rng.random(len(chosen)) >= FORGOTTEN
    acts.leave(today, pupils["person_id"][struck], "перевод в другую школу")
    pupils |= {"organisation": chosen, "entry_date": np.full(len(chosen), today.date)}
    pupils |= _placed(today, rng, pupils)
    today.record("transfer", pupils["person_id"])
    list_anew(today, rng, pupils)


def _placed(today: Today, rng: np.random.Generator, pupils: Columns) -> Columns:
    """A class and a shift in the pupil's organisation."""
    parallel = (rng.random(len(pupils["serial"])) * today.network.class_count[pupils["organisation"]]).astype(int)
    return {"letter": LETTERS[parallel], "shift": schooling.shifts(today.network, pupils["organisation"], pupils["grade"], parallel)}


def list_anew(today: Today, rng: np.random.Generator, pupils: Columns) -> None:
    """New rows in the journals of these pupils' organisations, and the truth of it."""
    today.put(pupils)
    visible = np.isin(today.network.register["product"][pupils["organisation"]], ("netschool", "eljur", "bars", "file"))
    shown = take(pupils, np.flatnonzero(visible))
    if not len(shown["serial"]):
        return
    rows = journals.listing(rng, shown, today.network, shown)
    today.write("seen.journal_pupil", "journal", rows | {"wire_key": journals.local_ids(shown["serial"] + today.day * _A_DAY)})


def withdrawals(today: Today) -> None:
    """Pupils who leave and come nowhere else."""
    pupils = today.some("withdrawal", today.count("withdrawal", WITHDRAWAL), "organisation >= 0")
    count = len(pupils["serial"])
    healthy = today.chance("withdrawal reason").random(count) < 0.6
    for mask, reason in ((healthy, "выезд за пределы республики"), (~healthy, "по состоянию здоровья")):
        acts.leave(today, pupils["person_id"][mask], reason)
    nothing = np.full(count, None, dtype=object)
    today.record("withdrawal", pupils["person_id"])
    today.put(pupils | {"organisation": np.full(count, -1), "grade": np.zeros(count, dtype=int), "letter": nothing, "group_name": nothing,
                        "study_form": nothing, "entry_date": np.full(count, np.datetime64("NaT"), dtype="datetime64[D]"),
                        "absence_reason": where(healthy, None, "по состоянию здоровья")})


def enrolments(today: Today) -> None:
    """Children who were nowhere come to a school or, under seven, to a kindergarten."""
    rng = today.chance("enrolment place")
    children = today.some("enrolment", today.count("enrolment", ENROLMENT), "organisation < 0 AND birth_date < DATE '2024-09-01'")
    count = len(children["serial"])
    grade = schooling.grades(rng, children["birth_date"])
    at_school = grade > 0
    luck = rng.random(count)
    children |= {"grade": grade, "organisation": np.where(at_school, today.network.choose("school", children["place"], luck),
                                                          today.network.choose("kindergarten", children["place"], luck))}
    placed = _placed(today, rng, children)
    years = (schooling.ages(children["birth_date"]) / 365.25).astype(int).clip(0, 6)
    children |= {"letter": where(at_school, placed["letter"], None), "shift": placed["shift"], "study_form": np.full(count, "очная", dtype=object),
                 "group_name": where(at_school, None, schooling.group_names(years, np.zeros(count, dtype=int))),
                 "entry_date": np.full(count, today.date), "absence_reason": np.full(count, None, dtype=object)}
    today.record("enrolment", children["person_id"])
    list_anew(today, rng, children)


def joined_accounts(today: Today) -> None:
    """Second accounts found and joined to the first; the fund answers with the first from now on."""
    children = today.some("merged", today.count("merged", MERGED), "citizenship = '643'")
    rows = pension.accounts(today.chance("merged account"), children)
    count: Array | int = len(children["serial"])
    today.record("account merged", children["person_id"])
    today.write("seen.pfr_account", pension.SOURCE, rows | {"wire_key": children["second_snils"], "snils": children["second_snils"],
                                                            "superseded_by": children["snils"], "day": np.full(count, today.day)})
