"""Children born after day 0: to families of the region and to new ones."""

from __future__ import annotations

import numpy as np

from connectors.mocks.region import civil, documents, households, interior, lives, pension, schooling
from connectors.mocks.region.chance import Columns, take
from connectors.mocks.region.today import Today

RATE, OF_FAMILY = 1.8e-4, 0.55
"""Births a child of the region and school day; the share born to families that have children."""
FIRST_SERIAL, A_DAY = 10_000_000, 10_000
_FAMILY = ("household", "place", "is_buryat", "is_foreign", "has_father", "custom_surname", "surname", "mother_family_name", "mother_given_name",
           "mother_patronymic", "mother_age", "father_family_name", "father_given_name", "father_patronymic", "father_age", "declared_father",
           "street", "house", "flat", "mother_id", "mother_birth_date", "father_birth_date", "citizenship", "registered")


def happen(today: Today) -> None:
    """Births: acts today, accounts and registrations some days later."""
    count = today.count("birth", RATE)
    if not count:
        return
    rng, chunk = today.chance("birth"), documents.LATER_CHUNKS + today.day
    made = households.make(today.seed, chunk, FIRST_SERIAL + today.day * A_DAY, count, today.places, today.home)
    made |= {"household": made["serial"], "mother_id": households.MOTHERS + made["serial"], "registered": made["place"]}
    made |= {"birth_count": np.ones(count, dtype=int), "birth_order": np.ones(count, dtype=int)}
    _to_families(today, made, int(count * OF_FAMILY))
    made["birth_date"] = today.date - rng.integers(2, 10, count)
    made |= documents.make(today.seed, chunk, made, today.places)
    nothing, never = np.full(count, None, dtype=object), np.full(count, np.datetime64("NaT"), dtype="datetime64[D]")
    made |= {"act_date": np.full(count, today.date), "certificate_date": np.full(count, today.date),
             "repeat_series": nothing, "repeat_number": nothing, "repeat_date": never}
    made |= lives.make(today.seed, chunk, made)
    made |= schooling.make(today.seed, chunk, made, today.network) | {"kind": np.full(count, "child", dtype=object)}
    today.put(made)
    today.record("birth", made["person_id"])
    _tell(today, made)


def _to_families(today: Today, made: Columns, count: int) -> None:
    """Give some of the newborn a family whose youngest child is two years old or more."""
    parents = today.some("birth of family", count, "citizenship = '643' AND change_kind IS NULL AND household NOT IN "
                         "(SELECT household FROM truth.child WHERE birth_date > DATE '2023-10-01')")
    parents = take(parents, np.sort(np.unique(parents["household"], return_index=True)[1]))
    rows = np.arange(len(parents["serial"]))
    for name in _FAMILY:
        made[name] = made[name].copy()
        made[name][rows] = parents[name]
    for name in ("family_name", "patronymic"):
        made[name][rows] = households.inherited(parents, made["sex"][rows])[name]


def _tell(today: Today, made: Columns) -> None:
    rng = today.chance("birth told")
    local = take(made, np.flatnonzero(made["is_local"]))
    today.write("seen.zags_act", "zags", civil.birth_acts(rng, local, today.places))
    accounts = pension.accounts(rng, local)
    later = rng.integers(3, 9, len(local["serial"]))
    today.write("seen.pfr_account", pension.SOURCE, accounts | {"day": today.day + later})
    new = take(made, np.flatnonzero(made["household"] >= FIRST_SERIAL))
    today.write("seen.pfr_account", pension.SOURCE, pension.mothers(rng, new) | {"day": np.full(len(new["serial"]), today.day)})
    homes = interior.registrations(rng, local, local["registered"], "living", "", today.places)
    weeks = rng.integers(4, 15, len(local["serial"]))
    today.write("seen.fms_registration", interior.SOURCE, homes | {"day": today.day + weeks, "date_from": today.date + weeks})
