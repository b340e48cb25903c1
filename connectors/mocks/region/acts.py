"""Acts of civil status after day 0 about children known before: deaths, changes of name, paternity, corrections, annulments."""

from __future__ import annotations

import numpy as np

from connectors.mocks.region import civil, lives
from connectors.mocks.region.chance import Array, Columns, take
from connectors.mocks.region.documents import act_number
from connectors.mocks.region.mistakes import NAMES
from connectors.mocks.region.today import Today

DEATH, NAME_CHANGE, PATERNITY, CORRECTION, ANNULMENT = 3e-6, 2e-5, 3e-5, 4e-5, 8e-6
"""A child of the region and school day."""
TOLD = 0.75
"""Of changed names: the pension fund and the school are told within two weeks."""
_LOCAL = "is_local AND change_kind IS NULL"


def happen(today: Today) -> None:
    """All kinds of acts of one day."""
    deaths(today)
    changes(today, "name_change", NAME_CHANGE, f"{_LOCAL} AND has_father")
    changes(today, "paternity", PATERNITY, f"{_LOCAL} AND NOT has_father")
    corrections(today)
    annulments(today)


def deaths(today: Today) -> None:
    """Acts of death; the journal lists the pupil as gone for some days."""
    dead = today.some("death", today.count("death", DEATH), "is_local")
    count = len(dead["serial"])
    dead["death_date"] = np.full(count, today.date - 2)
    dead["organisation"] = np.full(count, -1)
    today.record("death", dead["person_id"])
    registered = {name: np.full(count, today.date) for name in ("version_date", "act_date")}
    today.write("seen.zags_act", "zags", civil.death_acts(today.chance("death told"), dead) | registered)
    leave(today, dead["person_id"], "смерть")
    today.put(dead)


def leave(today: Today, persons: Array, reason: str) -> None:
    """Journals write persons off today, and list them no longer five school days later."""
    rows = _listed(today, persons)
    left = rows | {"exit_date": np.full(len(rows["wire_key"]), today.date), "exit_reason": np.full(len(rows["wire_key"]), reason, dtype=object)}
    today.write("seen.journal_pupil", "journal", left | {"day": np.full(len(rows["wire_key"]), today.day)})
    gone = np.full(len(rows["wire_key"]), today.day + 5)
    today.write("seen.journal_pupil", "journal", left | {"day": gone, "removed_day": gone})


def _listed(today: Today, persons: Array) -> Columns:
    rows = today.latest("seen.journal_pupil", "journal%", persons)
    still = np.isnat(rows["exit_date"].astype("datetime64[D]"))
    return with_product(today, take({name: value for name, value in rows.items() if name != "removed_day"}, np.flatnonzero(still)))


def with_product(today: Today, rows: Columns) -> Columns:
    """Journal rows with the product of each organisation, which names the source."""
    known = dict(zip(today.network.register["organisation_key"], today.network.register["product"], strict=True))
    return rows | {"product": np.array([known[key] for key in rows["organisation_key"]], dtype=object)}


def changes(today: Today, kind: str, rate: float, condition: str) -> None:
    """Changes of name or acts of paternity: the act today, the fund and the school later or never."""
    children = today.some(kind, today.count(kind, rate), condition)
    count = len(children["serial"])
    rng, every, none = today.chance(f"{kind} names"), np.ones(count, dtype=bool), np.zeros(count, dtype=bool)
    after = lives.renamed(rng, children, every if kind == "paternity" else none, every if kind == "name_change" else none)
    kinds, dates = np.full(count, kind, dtype=object), np.full(count, today.date)
    children |= {"change_kind": kinds, "change_date": dates} | {name: after[name] for name in NAMES}
    children |= lives.change_documents(children, every, kinds, dates)
    if kind == "paternity":
        children["father_given_name"] = children["declared_father"]
    today.record(kind, children["person_id"])
    today.write("seen.zags_act", "zags", civil.change_acts(rng, children))
    today.put(children)
    told = take(children, np.flatnonzero(rng.random(count) < TOLD))
    _rename(today, "seen.pfr_account", "pfr%", told, 10)
    _rename(today, "seen.journal_pupil", "journal%", told, 7)


def _rename(today: Today, table: str, source: str, children: Columns, after: int) -> None:
    """New versions of what a source holds about these children, under the names of today."""
    rows = today.latest(table, source, children["person_id"])
    if not len(rows["wire_key"]):
        return
    person = np.searchsorted(children["person_id"], rows["person_id"])
    rows |= {name: children[name][person] for name in NAMES} | {"day": np.full(len(person), today.day + after)}
    if table == "seen.journal_pupil":
        today.write(table, "journal", with_product(today, rows))
        return
    rows |= {"document_series": children["repeat_series"][person], "document_number": children["repeat_number"][person],
             "document_date": children["repeat_date"][person]}
    today.write(table, "pfr_snils", rows)


def corrections(today: Today) -> None:
    """New versions of birth acts: the names at birth as they should have been written."""
    children = today.some("correction", today.count("correction", CORRECTION), "is_local")
    acts = today.latest("seen.zags_act", "zags_births", children["person_id"])
    acts = take(acts, np.flatnonzero(acts["status_code"] != civil.ANNULLED))
    person = np.searchsorted(children["person_id"], acts["person_id"])
    count = len(person)
    acts |= {name: children[f"birth_{name}"][person] for name in NAMES}
    acts |= {"version": acts["version"] + 1, "version_date": np.full(count, today.date), "status_code": np.full(count, civil.CHANGED, dtype=object),
             "day": np.full(count, today.day)}
    today.record("correction", acts["person_id"])
    today.write("seen.zags_act", "zags", acts)


def annulments(today: Today) -> None:
    """A second act of a birth is made by mistake, and annulled three school days later."""
    children = today.some("annulment", today.count("annulment", ANNULMENT), "is_local")
    acts = today.latest("seen.zags_act", "zags_births", children["person_id"])
    first = np.flatnonzero(acts["status_code"] != civil.ANNULLED)
    acts = take(acts, first)
    person = np.searchsorted(children["person_id"], acts["person_id"])
    count = len(person)
    dates = np.full(count, today.date)
    number = act_number("birth", children["serial"][person] + civil.DUPLICATE + civil.LATER, dates, children["authority_code"][person])
    acts |= {"wire_key": number, "version": np.ones(count, dtype=int), "version_date": dates, "act_date": dates, "day": np.full(count, today.day),
             "status_code": np.full(count, civil.PRIMARY, dtype=object)}
    today.record("annulment", acts["person_id"])
    today.write("seen.zags_act", "zags", acts)
    today.write("seen.zags_act", "zags", acts | {"version": np.full(count, 2), "status_code": np.full(count, civil.ANNULLED, dtype=object),
                                                 "day": np.full(count, today.day + 3), "version_date": dates + 3})

