"""After each linking: what it did in figures, a sample for people to look at, and what their answers (or known persons) say of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.measure import measured
from pipeline.settings import settings
from schemas.errors import ConfigurationError, ContractBroken
from transforms import linkage_sample
from transforms.linkage_quality import Measure
from transforms.linkage_quality import measure as measure_links
from warehouse import linkage_measures

BY_NUMBER = ("pfr_snils",)
"""Sources whose records are known by their СНИЛС: their own key numbers our questions."""


def measure() -> dict[str, int]:
    """Measure the latest linking; returns how many figures of each basis were kept and how many pairs drawn. Twice changes nothing."""
    version = linkage_measures.linked_version()
    if not version:
        return {"version": 0, "run": 0, "sample": 0, "truth": 0, "drawn": 0}
    with measured("link quality") as work:
        counts = [Measure(subgroup=subgroup, measure=name, value=value) for subgroup, name, value in linkage_measures.run_counts()]
        kept = {"run": linkage_measures.keep(version, "run", counts)}
        linked, near = linkage_measures.new_pairs(version)
        drawn = linkage_measures.keep_sample(version, linkage_sample.draw(linked, near, version=version))
        kept["sample"] = linkage_measures.keep(version, "sample", linkage_sample.estimates(linkage_measures.samples(), linkage_measures.answers()))
        known = settings().known_persons
        kept["truth"] = len(_against(version, known)) if known else 0
        work.records, work.written = linked.num_rows, sum(kept.values()) + drawn
    return {"version": version, **kept, "drawn": drawn}


def against_truth(path: Path) -> Sequence[Measure]:
    """Measure the registry as linked now against known persons, and keep the figures.

    `path` is Parquet: source, wire_key (the key on the wire), person_id, and when known is_twin and person_snils. Records it does not name
    are left out. Raises ContractBroken if a column is missing, ConfigurationError if nothing is linked.
    """
    version = linkage_measures.linked_version()
    if not version:
        raise ConfigurationError("version.empty", "nothing is linked yet: load and link first")
    return _against(version, path)


def _against(version: int, path: Path) -> Sequence[Measure]:
    records = linkage_measures.linked_records()
    found = measure_links(records.select(["record_id", "pupil_id", "status"]), _truth(records, _read(path)), records.filter(records["is_in_review"]))
    linkage_measures.keep(version, "truth", found)
    return found


def _read(path: Path) -> pa.Table:
    try:
        known = pq.read_table(path)
    except pa.ArrowInvalid:
        raise ContractBroken("evaluate.parquet", f"{path.name} is no Parquet file") from None
    if lacking := [column for column in ("source", "wire_key", "person_id") if column not in known.column_names]:
        raise ContractBroken("evaluate.columns", f"{path.name} lacks {', '.join(lacking)}")
    return known


def _truth(records: pa.Table, known: pa.Table) -> pa.Table:
    """The records whose persons are known, with the groups by which quality is told."""
    by_number = pc.is_in(records["source"], value_set=pa.array(BY_NUMBER))
    key = pc.binary_join_element_wise(records["source"], pc.if_else(by_number, records["snils"], records["source_key"]), "|")
    place = pc.index_in(key, value_set=pc.binary_join_element_wise(known["source"], known["wire_key"], "|").combine_chunks())
    ours, theirs = records.filter(pc.is_valid(place)), known.take(pc.drop_null(place))
    columns = {"record_id": ours["record_id"], "person_id": theirs["person_id"], "sex": ours["sex"], "citizenship": ours["citizenship"],
               "has_patronymic": ours["has_patronymic"], "is_transliterated": pc.fill_null(pc.not_equal(ours["citizenship"], "643"), False)}
    if "is_twin" in known.column_names:
        columns["is_twin"] = pc.fill_null(theirs["is_twin"], False)
    if "person_snils" in known.column_names:
        columns["snils_is_wrong"] = pc.fill_null(pc.not_equal(ours["snils"], theirs["person_snils"]), False)
    return pa.table(columns)
