"""How good a linking is, against records whose persons are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import ContractBroken
from transforms.engine import Engine

SQL = Path(__file__).with_name("quality")
ALL = ""
"""The subgroup that is every record."""
DOUBTFUL_NUMBER = ("snils_is_wrong", "snils_is_shared")
_LARGEST_GROUPING = 60
"""A column with more values than this groups nothing a reader could follow."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure of one group of records (`column=value`, or ALL); `low` and `high` bound it where it is an estimate."""

    subgroup: str
    measure: str
    value: float
    low: float | None = None
    high: float | None = None


def measure(links: pa.Table, truth: pa.Table, in_review: pa.Table | None = None) -> list[Measure]:
    """Figures of a linking: counts and shares, for all records and for the values of every further column of the truth.

    links: record_id, pupil_id, status; truth: record_id, person_id and groups (text or boolean); in_review: record_id (records a person
    is asked about; status `review` counts too). Records of only one of the two tables are left out: `check` says whether there are some.
    A false link is an automatic one that put a record into a pupil most records of which are of another person.
    Raises ContractBroken if a column is missing or a record_id comes twice.
    """
    _needs(links, "links", ("record_id", "pupil_id", "status"))
    _needs(truth, "truth", ("record_id", "person_id"))
    groups = [name for name in truth.column_names if name not in ("record_id", "person_id")]
    with Engine(SQL) as engine:
        engine.give("link", links.select(["record_id", "pupil_id", "status"]))
        engine.give("in_review", _reviewed(in_review, links.schema.field("record_id").type))
        engine.give("truth", _flagged(truth.select(["record_id", "person_id", *(name for name in (*DOUBTFUL_NUMBER, "is_twin") if name in groups)])))
        engine.run("member", "cell", "merged")
        engine.forget("link", "truth")
        figures = [*_figures(engine, truth.select(["record_id"]).append_column("subgroup", pa.repeat(ALL, truth.num_rows).cast(pa.string())))]
        merged = engine.rows("merged").to_pylist()[0]
        figures += [Measure(subgroup=ALL, measure=name, value=float(value)) for name, value in merged.items()]
        for name in groups:
            if pc.count_distinct(truth[name]).as_py() <= _LARGEST_GROUPING:
                figures += _figures(engine, _subgroups(truth, name))
    return figures


def check(links: pa.Table, truth: pa.Table) -> None:
    """ContractBroken, naming a record, unless both tables are about the same records."""
    for one, other, name, lacking in ((links, truth, "truth", "links"), (truth, links, "links", "truth")):
        unknown = one.filter(pc.invert(pc.is_in(one["record_id"], value_set=other["record_id"].combine_chunks())))
        if unknown.num_rows:
            raise ContractBroken("evaluate.record_id", f"{unknown.num_rows} records of the {lacking} are not in the {name}; "
                                                       f"the first is {unknown['record_id'][0].as_py()}")


def _needs(rows: pa.Table, name: str, wanted: tuple[str, ...]) -> None:
    lacking = [column for column in wanted if column not in rows.column_names]
    if lacking:
        raise ContractBroken("evaluate.columns", f"the {name} lack {', '.join(lacking)}")
    if repeated := rows.num_rows - pc.count_distinct(rows["record_id"]).as_py():
        raise ContractBroken("evaluate.repeated", f"{repeated} record_id of the {name} come more than once")


def _reviewed(in_review: pa.Table | None, key: pa.DataType) -> pa.Table:
    if in_review is None:
        return pa.table({"record_id": pa.array([], key)})
    return pa.table({"record_id": pc.unique(in_review["record_id"])})


def _flagged(truth: pa.Table) -> pa.Table:
    """`is_twin` and `has_doubtful_number`, false where the truth says nothing of them."""
    false = pa.repeat(False, truth.num_rows)
    known = {name: pc.fill_null(truth[name].cast(pa.bool_()), False) if name in truth.column_names else false for name in (*DOUBTFUL_NUMBER, "is_twin")}
    return pa.table({"record_id": truth["record_id"], "person_id": truth["person_id"], "is_twin": known["is_twin"],
                     "has_doubtful_number": pc.or_(*(known[name] for name in DOUBTFUL_NUMBER))})


def _subgroups(truth: pa.Table, name: str) -> pa.Table:
    values = truth[name].cast(pa.string())
    named = pc.binary_join_element_wise(name, pc.fill_null(values, "-"), "=")
    return pa.table({"record_id": truth["record_id"], "subgroup": named})


def _figures(engine: Engine, grouped: pa.Table) -> Iterator[Measure]:
    engine.give("grouped", grouped)
    engine.run("figure")
    for row in sorted(engine.rows("figure").to_pylist(), key=lambda row: row["subgroup"]):
        subgroup = row.pop("subgroup")
        counts = {name: float(value) for name, value in row.items()}
        yield from (Measure(subgroup=subgroup, measure=name, value=value) for name, value in (counts | _shares(counts)).items())


def _shares(counts: dict[str, float]) -> dict[str, float]:
    """Without pairs nothing is wrong and nothing is lost: the share is 1."""
    precision = counts["right_pairs"] / counts["linked_pairs"] if counts["linked_pairs"] else 1.0
    recall = counts["right_pairs"] / counts["true_pairs"] if counts["true_pairs"] else 1.0
    return {"precision": precision, "recall": recall, "f1": _mean(precision, recall), "b3_f1": _mean(counts["b3_precision"], counts["b3_recall"]),
            "false_links_per_10000": 10_000 * counts["false_links"] / (counts["automatic_links"] or 1),
            "false_doubtful_number_links_per_10000": 10_000 * counts["false_doubtful_number_links"] / (counts["doubtful_number_links"] or 1),
            "review_share": counts["records_in_review"] / counts["records"]}


def _mean(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
