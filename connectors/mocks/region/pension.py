"""What the pension fund knows: accounts of children and mothers, some late, some doubled, some joined."""

from __future__ import annotations

import numpy as np

from connectors.mocks.region import errors
from connectors.mocks.region.chance import Array, Columns, generator, has, take, where
from connectors.mocks.region.documents import REISSUE, digits
from connectors.mocks.region.mistakes import NAMES, spoil_dates, spoil_names

SOURCE = "pfr_snils"
_LATE_DAYS = 40


def accounts(rng: np.random.Generator, children: Columns) -> Columns:
    """One account a child, as the fund has it; `day` is when it was opened."""
    count = len(children["serial"])
    stale = has(children["change_kind"]) & (rng.random(count) < errors.rate("stale_name", "pfr"))
    known = {name: where(stale, children[f"birth_{name}"], children[name]) for name in NAMES}
    names = spoil_names(rng, known | {"sex": children["sex"]}, "pfr")
    old = ~has(children["repeat_series"]) | (rng.random(count) < errors.rate("old_certificate", "pfr"))
    foreign = children["citizenship"] != "643"
    late = rng.random(count) < errors.rate("account_late", "pfr")
    return names | {
        "person_id": children["person_id"], "day": np.where(late, rng.integers(1, _LATE_DAYS, count), 0), "wire_key": children["snils"],
        "snils": children["snils"], "superseded_by": np.full(count, None, dtype=object), "sex": children["sex"],
        "birth_date": spoil_dates(rng, children["birth_date"], "pfr"), "document_type": where(foreign, "ForeignPassport", "BirthCertificate"),
        "document_series": where(foreign, children["foreign_series"], where(old, children["certificate_series"], children["repeat_series"])),
        "document_number": where(foreign, children["foreign_number"], where(old, children["certificate_number"], children["repeat_number"])),
        "document_date": np.where(foreign, children["foreign_date"], np.where(old, children["certificate_date"], children["repeat_date"])),
        "document_issuer": where(foreign, "Орган иностранного государства", children["authority_name"])}


def second_accounts(rng: np.random.Generator, children: Columns, own: Columns) -> Columns:
    """Second accounts of the same persons: some live beside the first, some were joined to it."""
    luck = rng.random(len(children["serial"]))
    twice, merged = errors.rate("account_twice", "pfr"), errors.rate("account_merged", "pfr")
    rows = np.flatnonzero((luck < twice + merged) & (children["citizenship"] == "643") & (own["day"] == 0))
    second = take(own, rows)
    second["wire_key"] = second["snils"] = children["second_snils"][rows]
    second["superseded_by"] = where(luck[rows] < merged, children["snils"][rows], None)
    return second


def mothers(rng: np.random.Generator, children: Columns) -> Columns:
    """Accounts of the mothers of these children, one a household."""
    rows = np.unique(children["household"], return_index=True)[1]
    mother = take(children, rows)
    count = len(rows)
    return {
        "person_id": mother["mother_id"], "day": np.zeros(count, dtype=int), "wire_key": mother["mother_snils"], "snils": mother["mother_snils"],
        "superseded_by": np.full(count, None, dtype=object), **{name: mother[f"mother_{name}"] for name in NAMES},
        "sex": np.full(count, "F", dtype=object), "birth_date": mother["mother_birth_date"], "document_type": np.full(count, "PassportRF", dtype=object),
        "document_series": np.full(count, "8105", dtype=object),
        "document_number": digits((mother["household"] + REISSUE) * 70_001 % 1_000_000, 6),
        "document_date": mother["mother_birth_date"] + 20 * 365 + 30, "document_issuer": np.full(count, "МВД по Республике Бурятия", dtype=object)}


def day_zero(seed: int, chunk: int, children: Columns) -> list[Columns]:
    """All accounts known by day 0, and the late ones with their day."""
    rng = generator(seed, "pension", chunk)
    old_enough: Array = np.flatnonzero(np.isnat(children["death_date"]) | (children["serial"] % 3 > 0))
    chosen = take(children, old_enough)
    own = accounts(rng, chosen)
    return [own, second_accounts(rng, chosen, own), mothers(rng, children)]
