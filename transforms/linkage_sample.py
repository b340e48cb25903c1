"""How good a linking is where no truth is known: which pairs a person should look at, and what the answers say of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from schemas.errors import ContractBroken
from transforms.linkage_quality import ALL, Measure

BAND = 5.0
"""Bits in one weight band."""
EACH = 12
"""Pairs drawn from one stratum, or all of them when there are fewer."""
Z = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""
SAMPLE = pa.schema([("stratum", pa.string()), ("record_id", pa.int64()), ("other_record_id", pa.int64()), ("stratum_size", pa.int64()), ("is_linked", pa.bool_())])


def draw(linked: pa.Table, near: pa.Table, *, version: int, each: int = EACH) -> pa.Table:
    """A stratified sample (SAMPLE) of linked pairs and of near misses; the same version and pairs give the same sample.

    Both tables: record_id, other_record_id (the larger one), rule, weight. Strata are linked or near, the rule, and the weight band.
    """
    both = pd.concat([linked.to_pandas().assign(is_linked=True), near.to_pandas().assign(is_linked=False)], ignore_index=True)
    pairs = both[both["record_id"] < both["other_record_id"]].drop_duplicates(["record_id", "other_record_id"])
    return _chosen(pairs.assign(stratum=_strata(pairs)), version, each)


def _strata(pairs: pd.DataFrame) -> pd.Series:
    low = pd.Series((pairs["weight"].fillna(0.0).to_numpy(np.float64) // BAND * BAND).astype(np.int64), index=pairs.index).astype("str")
    side = pd.Series(np.where(pairs["is_linked"].to_numpy(bool), "linked", "near"), index=pairs.index, dtype="str")
    return side.str.cat(pairs["rule"].astype("str"), sep=":").str.cat(low, sep=":")


def _chosen(pairs: pd.DataFrame, version: int, each: int) -> pa.Table:
    sized = pairs.assign(stratum_size=pairs.groupby("stratum")["record_id"].transform("size"), luck=_luck(pairs, version))
    ordered = sized.sort_values(["stratum", "luck", "record_id", "other_record_id"])
    chosen = ordered[ordered.groupby("stratum").cumcount() < each]
    return pa.Table.from_pandas(chosen[SAMPLE.names], schema=SAMPLE, preserve_index=False)


def _luck(pairs: pd.DataFrame, version: int) -> npt.NDArray[np.uint64]:
    """An even number for each pair and version (SplitMix64)."""
    state = pairs["record_id"].to_numpy(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + pairs["other_record_id"].to_numpy(np.uint64) + np.uint64(version)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
    mixed: npt.NDArray[np.uint64] = state ^ (state >> np.uint64(31))
    return mixed


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """One stratum of a sample: how many pairs it stands for, how many were answered, how many of these are one person."""

    is_linked: bool
    size: int
    answered: int
    same: int


def estimates(sample: pa.Table, answers: pa.Table) -> list[Measure]:
    """Precision and recall with 95 % intervals from answers (record_id, other_record_id, is_same) to pairs of the sample.

    Precision is the share of linked pairs that are one person; recall is of the pairs of one person among linked pairs and near misses: what
    no rule ever compared is not in it. Strata without an answer are left out, and `sampled_share` says what share of the pairs the others
    stand for. Nothing is estimated (an empty list) without an answer to a linked pair.
    """
    if not {"record_id", "other_record_id", "is_same"} <= set(answers.column_names):
        raise ContractBroken("evaluate.columns", "the answers lack record_id, other_record_id or is_same")
    strata = _answered(sample.to_pandas(), answers.to_pandas())
    linked, near = ([each for each in strata if each.is_linked is side and each.answered] for side in (True, False))
    if not linked:
        return []
    precision, missed = share(linked), share(near)
    pairs, beside = sum(each.size for each in linked), sum(each.size for each in near)
    recall = [_recall(pairs * right, beside * wrong) for right, wrong in zip(precision, (missed[0], missed[2], missed[1]), strict=True)]
    whole = sum(each.size for each in strata)
    counts = {"pairs_answered": sum(each.answered for each in strata), "sampled_share": (pairs + beside) / whole}
    return [_estimate("precision", precision), _estimate("recall", (recall[0], recall[1], recall[2])),
            *(Measure(subgroup=ALL, measure=name, value=float(value)) for name, value in counts.items())]


def _estimate(name: str, bounds: tuple[float, float, float]) -> Measure:
    return Measure(subgroup=ALL, measure=name, value=bounds[0], low=bounds[1], high=bounds[2])


def _recall(found: float, missed: float) -> float:
    return found / (found + missed) if found + missed else 1.0


def _answered(sample: pd.DataFrame, answers: pd.DataFrame) -> list[Stratum]:
    """Answers count by the majority of those who answered a pair; a tie leaves it unanswered."""
    said = answers.groupby(["record_id", "other_record_id"])["is_same"].mean().rename("said").reset_index()
    told = sample.merge(said[said["said"] != 0.5], on=["record_id", "other_record_id"], how="left")
    told = told.assign(answered=told["said"].notna(), same=told["said"].fillna(0.0) > 0.5)
    grouped = told.groupby(["is_linked", "stratum"], sort=True).agg(size=("stratum_size", "max"), answered=("answered", "sum"), same=("same", "sum"))
    rows: list[dict[Any, Any]] = grouped.reset_index().to_dict("records")
    return [Stratum(is_linked=bool(row["is_linked"]), size=int(row["size"]), answered=int(row["answered"]), same=int(row["same"])) for row in rows]


def share(strata: list[Stratum]) -> tuple[float, float, float]:
    """Share of pairs that are one person, with its stratified Wilson interval (Yan and Su 2010); (0, 0, 1) when nothing was answered."""
    if not strata:
        return 0.0, 0.0, 1.0
    whole = sum(each.size for each in strata)
    weights = [each.size / whole for each in strata]
    spread = [sqrt(_variance(each)) for each in strata]
    z = Z * sqrt(sum((w * s) ** 2 for w, s in zip(weights, spread, strict=True))) / sum(w * s for w, s in zip(weights, spread, strict=True))
    bounds = [wilson(each.same, each.answered, z) for each in strata]
    middle = sum(w * each.same / each.answered for w, each in zip(weights, strata, strict=True))
    low, high = (sum(w * bound[side] for w, bound in zip(weights, bounds, strict=True)) for side in (0, 1))
    return middle, min(low, middle), max(high, middle)


def _variance(stratum: Stratum) -> float:
    """Square of half a Wilson interval's width in units of z: never 0, so that twelve right answers of twelve are no proof."""
    n, p = stratum.answered, stratum.same / stratum.answered
    return (p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n) ** 2


def wilson(hits: int, of: int, z: float = Z) -> tuple[float, float]:
    """The Wilson interval of a share; (0, 1) of nothing."""
    if not of:
        return 0.0, 1.0
    p, wide = hits / of, z * z / of
    middle, half = (p + wide / 2) / (1 + wide), z * sqrt(p * (1 - p) / of + wide / (4 * of)) / (1 + wide)
    return max(0.0, middle - half), min(1.0, middle + half)
