"""What has happened to a child before day 0: a father established, a name changed, a death."""

from __future__ import annotations

import numpy as np

from connectors.mocks.region import names
from connectors.mocks.region.chance import Array, Columns, generator, has, where
from connectors.mocks.region.days import DAY_ZERO
from connectors.mocks.region.documents import REISSUE, act_number, certificate
from connectors.mocks.region.mistakes import NAMES

PATERNITY, NAME_CHANGE, DEATH, FAMILY_CHANGES = 0.3, 0.012, 0.0025, 0.65
"""Paternity is a share of children born without a father in the act; a name change is mostly one of the family name."""


def make(seed: int, chunk: int, children: Columns) -> Columns:
    """Names at birth and now, the act between them, and the date of death; every column has one value a child."""
    rng = generator(seed, "lives", chunk)
    count = len(children["serial"])
    result = {f"birth_{name}": children[name].copy() for name in NAMES}
    fits = children["is_local"] & (children["birth_date"] < np.datetime64(DAY_ZERO) - 400)
    luck = rng.random(count)
    paternity = fits & ~children["has_father"] & (luck < PATERNITY)
    change = fits & ~paternity & (luck >= 1 - NAME_CHANGE)
    result["change_kind"] = where(paternity, "paternity", where(change, "name_change", None))
    after = renamed(rng, children, paternity, change)
    result |= {name: where(paternity | change, after[name], children[name]) for name in NAMES}
    age = (np.datetime64(DAY_ZERO) - children["birth_date"]).astype(int)
    happened = children["birth_date"] + 60 + (rng.random(count) * np.maximum(1, age - 61)).astype(int)
    result["change_date"] = np.where(paternity | change, happened, np.datetime64("NaT"))
    result["father_given_name"] = where(paternity, children["declared_father"], children["father_given_name"])
    result |= change_documents(children, paternity | change, result["change_kind"], happened)
    dead = (rng.random(count) < DEATH) & (age > 5)
    result["death_date"] = np.where(dead, children["birth_date"] + (rng.random(count) * age).astype(int), np.datetime64("NaT"))
    return result


def renamed(rng: np.random.Generator, children: Columns, paternity: Array, change: Array) -> Columns:
    """Names after the act, for the rows it touches: a family name with the father, a family or a given name by wish."""
    result = {name: children[name].copy() for name in NAMES}
    family = (paternity & (rng.random(len(paternity)) < 0.7)) | (change & (rng.random(len(change)) < FAMILY_CHANGES))
    surname = names.draw_surname(rng, children["is_buryat"])
    result["family_name"][family] = names.by_sex(surname[family], children["sex"][family])
    given = change & ~family
    result["given_name"][given] = names.draw_given(rng, children["sex"][given], children["is_buryat"][given], 0.7)
    bare = paternity & ~has(children["patronymic"])
    result["patronymic"][bare] = names.patronymics(children["declared_father"][bare], children["sex"][bare])
    return result


def change_documents(children: Columns, changed: Array, kind: Array, happened: Array) -> Columns:
    """The number of the act of change, and the certificate of birth given again because of it."""
    serial = children["serial"]
    number = where(kind == "paternity", act_number("paternity", serial, happened, children["authority_code"]),
                   act_number("name_change", serial, happened, children["authority_code"]))
    series, certificate_number = certificate(serial + REISSUE, happened)
    return {"change_act_number": where(changed, number, None),
            "repeat_series": where(changed, series, children["repeat_series"]),
            "repeat_number": where(changed, certificate_number, children["repeat_number"]),
            "repeat_date": np.where(changed, happened, children["repeat_date"])}
