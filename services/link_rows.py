"""What each source of the synthetic region would hand to linking about one chunk of children, still as it was typed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from connectors.mocks.region import assemble, civil, held_out, mistakes, wires
from connectors.mocks.region.chance import Array, Columns, generator, has, take, where
from connectors.mocks.region.organisations import Network
from connectors.mocks.region.places import Places

TEXTS = ("source", "source_key", *mistakes.NAMES, *(f"previous_{name}" for name in mistakes.NAMES), "birth_date_partial", "sex", "snils",
         "birth_act_number", "birth_act_authority", "certificate", "document_kind", "document",
         "mother_family_name", "mother_given_name", "mother_patronymic", "mother_snils", "citizenship", "oktmo", "organisation_key")
DATES = ("birth_date", "birth_act_date", "mother_birth_date", "death_date")
_KINDS = {"PassportRF": "21", "russianPassport": "21", "BirthCertificate": "03", "birthCertificate": "03"}
_SEXES = {"zags": {"M": "М", "F": "Ж"}, "pfr": {"M": "MALE", "F": "FEMALE"}, "journal": {"M": "М", "F": "Ж"}}


def chunk_rows(seed: int, chunk: int, first: int, count: int, home: str | None, places: Places, network: Network, *,
               is_held_out: bool, parents: bool) -> tuple[Columns, Columns]:
    """The true children of one chunk and all their rows (TEXTS, DATES, `person_id`), in no order that tells who is who."""
    made = assemble.person_chunk(seed, chunk, first, count, home, places, network)
    handed = ((family(source), _handed_over(rows, parents)) for _, source, rows in assemble.seen_of(seed, chunk, made, places, network))
    seen = [_shaped(source, rows, places, network) for source, rows in handed if len(rows["wire_key"])]
    rows = {name: np.concatenate([part[name] for part in seen]) for name in seen[0]}
    rows = _last_versions(rows)
    if is_held_out:
        held_out.spoil(generator(seed, "held out", chunk), rows, made)
    order = generator(seed, "order of records", chunk).permutation(len(rows["person_id"]))
    return made, take(rows, order)


def test_rows(pupils: Columns, places: Places, network: Network) -> Columns:
    """Rows of the vendors' training pupils."""
    return _shaped("journal", pupils, places, network)


def family(source: str) -> str:
    """The name by which `errors` knows a source: zags, pfr, fms, journal."""
    return source.split("_")[0]


def _handed_over(rows: Columns, parents: bool) -> Columns:
    """Without annulled acts, accounts joined to another, and (unless wanted) the accounts of parents."""
    count = len(rows["wire_key"])
    keep = np.ones(count, dtype=bool)
    if "status_code" in rows:
        keep &= rows["status_code"] != civil.ANNULLED
    if "superseded_by" in rows:
        keep &= ~has(rows["superseded_by"])
    if not parents:
        keep &= rows["person_id"] < 1_000_000_000
    return take(rows, np.flatnonzero(keep))


def _shaped(source: str, rows: Columns, places: Places, network: Network) -> Columns:
    count = len(rows["wire_key"])
    shaped: Columns = {name: np.full(count, None, dtype=object) for name in TEXTS}
    shaped |= {name: np.full(count, np.datetime64("NaT"), dtype="datetime64[D]") for name in DATES}
    shaped |= {name: np.zeros(count, dtype=np.int64) for name in ("birth_count", "birth_order")}
    shaped |= {name: rows[name] for name in (*mistakes.NAMES, "birth_date", "person_id")}
    shaped |= {"source": wires.source_names({"pfr": "pfr_snils", "fms": "fms_residence"}.get(source, source), rows),
               "source_key": wires.wire_keys(source, rows)}
    if source in _SEXES:
        shaped["sex"] = _coded(rows["sex"], _SEXES[source])
    return shaped | _SHAPES[source](rows, network)


def _coded(values: Array, codes: dict[str, str]) -> Array:
    return np.array([codes.get(value) for value in values], dtype=object)


def _act(rows: Columns, _: Network) -> Columns:
    """A birth gives itself, its papers and the mother; a change gives the names before it and the act it refers to."""
    kind = str(rows["act_kind"][0])
    if kind == "birth":
        again = has(rows["repeat_series"])
        first, second = (rows[f"{which}_series"] + " " + rows[f"{which}_number"] if which == "certificate"
                         else where(again, _joined(rows, which), None) for which in ("certificate", "repeat"))
        own = ("birth_count", "birth_order", "snils", "mother_family_name", "mother_given_name", "mother_patronymic", "mother_birth_date", "mother_snils")
        return {name: rows[name] for name in (*own, "birth_date_partial")} | {
            "birth_act_number": rows["wire_key"], "birth_act_date": rows["act_date"], "birth_act_authority": rows["authority_code"],
            "certificate": where(again, second, first), "document": where(again, first, None), "document_kind": where(again, "03", None),
            "oktmo": rows["birth_oktmo"]}
    base = {f"birth_act_{part}": rows[f"base_{other}"] for part, other in (("number", "act_number"), ("date", "act_date"), ("authority", "authority_code"))}
    if kind == "death":
        return base | {"death_date": rows["death_date"]}
    names = {name: rows[f"after_{name}"] for name in mistakes.NAMES} | {f"previous_{name}": rows[name] for name in mistakes.NAMES}
    if kind == "name_change":  # such acts say nothing of sex or mother
        return base | names | {"sex": np.full(len(rows["wire_key"]), None, dtype=object)}
    return base | names | {name: rows[name] for name in ("mother_family_name", "mother_given_name", "mother_patronymic", "mother_birth_date")}


def _joined(rows: Columns, which: str) -> Array:
    there = has(rows[f"{which}_series"]) & has(rows[f"{which}_number"])
    result = np.full(len(there), None, dtype=object)
    result[there] = rows[f"{which}_series"][there] + " " + rows[f"{which}_number"][there]
    return result


def _account(rows: Columns, _: Network) -> Columns:
    return {"snils": rows["snils"]} | _paper(rows)


def _registration(rows: Columns, _: Network) -> Columns:
    code = rows["region_oktmo"] if "region_oktmo" in rows else np.full(len(rows["wire_key"]), None, dtype=object)
    return {"oktmo": code} | _paper(rows)


def _paper(rows: Columns) -> Columns:
    kind = _coded(rows["document_type"], _KINDS)
    text, is_certificate = _joined(rows, "document"), kind == "03"
    return {"document_kind": where(is_certificate, None, kind), "certificate": where(is_certificate, text, None), "document": where(is_certificate, None, text)}


def _pupil(rows: Columns, network: Network) -> Columns:
    of = dict(zip(network.register["organisation_key"], network.register["oktmo"], strict=True))
    result = {name: rows[name] for name in ("snils", "citizenship", "organisation_key")}
    return result | {"oktmo": np.array([of[key] for key in rows["organisation_key"]], dtype=object),
                     "certificate": rows.get("certificate", np.full(len(rows["wire_key"]), None, dtype=object))}


_SHAPES = {"zags": _act, "pfr": _account, "fms": _registration, "journal": _pupil}


def _last_versions(rows: Columns) -> Columns:
    """A corrected act replaces the one before it: the last row of a key stays."""
    key = rows["source"] + "|" + rows["source_key"]
    last = {value: place for place, value in enumerate(key)}
    return take(rows, np.fromiter(last.values(), dtype=np.int64, count=len(last)))


def chunks(children: int) -> Iterator[tuple[int, int, int]]:
    """Number, first serial and size of each chunk."""
    for chunk, first in enumerate(range(0, children, assemble.CHUNK)):
        yield chunk, first, min(assemble.CHUNK, children - first)
