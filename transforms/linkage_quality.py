"""How good a linking is, against records whose persons are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import ContractBroken

Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
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
    A pair is of a group if one of its two records is. A false link is an automatic one that put a record into a pupil most records of
    which are of another person. Raises ContractBroken if a column is missing or a record_id comes twice.
    """
    needs(links, "links", ("record_id", "pupil_id", "status"))
    needs(truth, "truth", ("record_id", "person_id"))
    place = pc.index_in(links["record_id"], value_set=truth["record_id"].combine_chunks())
    links, truth = links.filter(pc.is_valid(place)), truth.take(pc.drop_null(place))
    met = _Met(links, truth, in_review)
    figures = [*met.figures(ALL, np.ones(links.num_rows, dtype=bool)), *met.merged()]
    for name in truth.column_names:
        if name not in ("record_id", "person_id"):
            figures += [figure for subgroup, mask in _subgroups(truth, name) for figure in met.figures(subgroup, mask)]
    return figures


def check(links: pa.Table, truth: pa.Table) -> None:
    """ContractBroken, naming a record, unless both tables are about the same records."""
    for one, other, here, there in ((links, truth, "links", "truth"), (truth, links, "truth", "links")):
        unknown = one["record_id"].filter(pc.invert(pc.is_in(one["record_id"], value_set=other["record_id"].combine_chunks())))
        if len(unknown):
            raise ContractBroken("evaluate.record_id", f"{len(unknown)} records of the {here} are not in the {there}; the first is {unknown[0].as_py()}")


def needs(rows: pa.Table, name: str, wanted: tuple[str, ...]) -> None:
    """ContractBroken unless the table has these columns, the first of them with no value twice and none missing."""
    lacking = [column for column in wanted if column not in rows.column_names]
    if lacking:
        raise ContractBroken("evaluate.columns", f"the {name} lack {', '.join(lacking)}")
    if missing := sum(rows[column].null_count for column in wanted[:2]):
        raise ContractBroken("evaluate.missing", f"{missing} rows of the {name} have no {' or no '.join(wanted[:2])}")
    if repeated := rows.num_rows - pc.count_distinct(rows[wanted[0]]).as_py():
        raise ContractBroken("evaluate.repeated", f"{repeated} {wanted[0]} of the {name} come more than once")


def _subgroups(truth: pa.Table, name: str) -> Iterator[tuple[str, Flags]]:
    values = truth[name].cast(pa.string()).combine_chunks().dictionary_encode("encode")
    codes = values.indices.to_numpy()
    named = {"-" if value is None else value: code for code, value in enumerate(values.dictionary.to_pylist())}
    if len(named) <= _LARGEST_GROUPING:
        yield from ((f"{name}={value}", codes == named[value]) for value in sorted(named))


class _Met:
    """Records by pupil, by person, and by the cell where the two meet."""

    def __init__(self, links: pa.Table, truth: pa.Table, in_review: pa.Table | None) -> None:
        self.pupil, _ = pd.factorize(links["pupil_id"].to_pandas())
        self.person, persons = pd.factorize(truth["person_id"].to_pandas())
        self.cell, cells = pd.factorize(self.pupil.astype(np.int64) * (len(persons) + 1) + self.person)
        self.cell_pupil, self.cell_person = np.asarray(cells) // (len(persons) + 1), np.asarray(cells) % (len(persons) + 1)
        self.of_cell, self.of_pupil, self.of_person = (np.bincount(codes, minlength=1) for codes in (self.cell, self.pupil, self.person))
        self.is_automatic: Flags = pc.equal(links["status"], "auto").to_numpy()
        self.is_false = self.is_automatic & ~self._owners(np.asarray(persons))[self.cell]
        self.is_doubtful, self.is_twin = _any(truth, DOUBTFUL_NUMBER), _any(truth, ("is_twin",))
        self.is_in_review: Flags = pc.equal(links["status"], "review").to_numpy()
        if in_review is not None:
            self.is_in_review = self.is_in_review | pc.is_in(links["record_id"], value_set=in_review["record_id"].combine_chunks()).to_numpy()

    def _owners(self, persons: npt.NDArray[Any]) -> Flags:
        """Which cells hold most records of their pupil; of equal ones that of the smallest person_id."""
        rank = np.argsort(np.argsort(persons, kind="stable"), kind="stable")[self.cell_person]
        order = np.lexsort((rank, -self.of_cell, self.cell_pupil))
        first = np.ones(len(order), dtype=bool)
        first[1:] = np.diff(self.cell_pupil[order]) != 0
        owner = np.zeros(len(order), dtype=bool)
        owner[order[first]] = True
        return owner

    def merged(self) -> list[Measure]:
        """Pupils that hold several persons, persons in several pupils, pupils that hold several twins."""
        twins = np.bincount(self.cell, weights=self.is_twin, minlength=1) > 0
        counts = {"over_merged_pupils": np.bincount(self.cell_pupil), "under_merged_persons": np.bincount(self.cell_person),
                  "twins_merged_pupils": np.bincount(self.cell_pupil[twins])}
        return [Measure(subgroup=ALL, measure=name, value=float((each > 1).sum())) for name, each in counts.items()]

    def figures(self, subgroup: str, mask: Flags) -> list[Measure]:
        """Counts and shares of the records of one group."""
        if not mask.any():
            return []
        cell = self.cell[mask]
        automatic, false, doubtful = self.is_automatic[mask], self.is_false[mask], self.is_doubtful[mask]
        counts = {
            "records": mask.sum(), "persons": _distinct(self.person[mask]), "pupils": _distinct(self.pupil[mask]),
            "true_pairs": _pairs(self.of_person, self.person[mask]), "linked_pairs": _pairs(self.of_pupil, self.pupil[mask]),
            "right_pairs": _pairs(self.of_cell, cell), "b3_precision": (self.of_cell[cell] / self.of_pupil[self.pupil[mask]]).mean(),
            "b3_recall": (self.of_cell[cell] / self.of_person[self.person[mask]]).mean(), "automatic_links": automatic.sum(), "false_links": false.sum(),
            "doubtful_number_links": (automatic & doubtful).sum(), "false_doubtful_number_links": (false & doubtful).sum(),
            "records_in_review": self.is_in_review[mask].sum()}
        known = {name: float(value) for name, value in counts.items()}
        return [Measure(subgroup=subgroup, measure=name, value=value) for name, value in (known | _shares(known)).items()]


def _any(truth: pa.Table, names: tuple[str, ...]) -> Flags:
    """Where one of these columns is true; false where the truth has no such column."""
    result: Flags = np.zeros(truth.num_rows, dtype=bool)
    for name in names:
        if name in truth.column_names:
            result = result | pc.fill_null(truth[name].cast(pa.bool_()), False).to_numpy()
    return result


def _distinct(codes: Codes) -> int:
    return int((np.bincount(codes) > 0).sum())


def _pairs(size: Codes, members: Codes) -> int:
    """Pairs within the sets of these sizes of which one record at least is a member: of n records with k members, C(n, 2) - C(n - k, 2)."""
    rest = size - np.bincount(members, minlength=len(size))
    return int((size * (size - 1) - rest * (rest - 1)).sum()) // 2


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
