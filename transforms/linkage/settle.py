"""Clusters by edges, cut where they would hold together what may not be one person."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from transforms.engine import Engine
from transforms.linkage import clusters
from transforms.linkage.compare import compare
from transforms.linkage.score import score

Numbers = clusters.Numbers


def settle(engine: Engine, relation: str, *, by_score: bool = False) -> None:
    """Cluster by the edges of a relation into `cluster` and `kept_edge`; edges given up, with the reason, join `dropped_edge`.

    `by_score`: only clusters that a score made are looked at again, and each two records it brought together keep the bar to stay.
    """
    count = engine.count("person")
    edges = engine.query(f"""SELECT CAST(a AS BIGINT) AS a, CAST(b AS BIGINT) AS b, rule IN ('name', 'score') AS is_scored FROM "{relation}" """)  # noqa: S608
    a, b, is_scored = (edges[name].to_numpy() for name in ("a", "b", "is_scored"))
    chosen = is_scored if by_score else np.ones(len(a), dtype=bool)
    root = clusters.roots(count, a, b)
    lost = [_none()]
    suspect = _together(root, a[chosen])
    while len(suspect):
        conflicts = _conflicts(engine, root, suspect, by_score=by_score)
        suspect = np.flatnonzero(np.isin(root, root[conflicts["a"].to_numpy(np.int64)])) if len(conflicts) else suspect[:0]
        inside = np.isin(root[a], root[suspect]) if len(suspect) else np.zeros(len(a), dtype=bool)
        gone = clusters.dropped(_edges(engine, relation, a[inside], b[inside]), conflicts)
        if gone.empty:
            break
        lost.append(gone)
        stay = ~np.isin(a * count + b, gone["a"].to_numpy(np.int64) * count + gone["b"].to_numpy(np.int64))
        inside, a, b = (inside & stay)[stay], a[stay], b[stay]
        root[suspect] = suspect[clusters.roots(len(suspect), np.searchsorted(suspect, a[inside]), np.searchsorted(suspect, b[inside]))]
    _keep(engine, relation, root, pd.concat(lost, ignore_index=True))


def _none() -> pd.DataFrame:
    return pd.DataFrame({"a": np.array([], np.int64), "b": np.array([], np.int64), "rule": pd.Series(dtype="str"), "weight": np.array([], float),
                         "agreement": np.array([], np.int64), "rank": np.array([], float), "reason": pd.Series(dtype="str")})


def _together(root: Numbers, ends: Numbers) -> Numbers:
    """Records of the clusters that edges with these ends made, in order."""
    made = np.zeros(len(root), dtype=bool)
    made[root[ends]] = True
    found: Numbers = np.flatnonzero(made[root])
    return found


def _edges(engine: Engine, relation: str, a: Numbers, b: Numbers) -> pd.DataFrame:
    engine.give("wanted", pa.table({"a": a, "b": b}))
    found: pd.DataFrame = engine.query(f'SELECT edge.* FROM "{relation}" AS edge JOIN wanted ON wanted.a = edge.a AND wanted.b = edge.b').to_pandas()  # noqa: S608
    return found


def _conflicts(engine: Engine, root: Numbers, suspect: Numbers, *, by_score: bool) -> pd.DataFrame:
    """Pairs of records (a, b, reason) that stand in one component and may not."""
    engine.give("component", pa.table({"n": pa.array(suspect, pa.int32()), "root": pa.array(root[suspect], pa.int32())}))
    engine.run("member_pair")
    compare(engine, "member_pair", "member_comparison")
    engine.run("conflict")
    found: pd.DataFrame = engine.rows("conflict").to_pandas()
    if not by_score:
        return found
    engine.run("stay_pair")
    score(engine, "told", "stay_pair", "stay_score")
    engine.run("stay_conflict")
    stay: pd.DataFrame = engine.rows("stay_conflict").to_pandas()
    return pd.concat([found, stay], ignore_index=True)


def _keep(engine: Engine, relation: str, root: Numbers, lost: pd.DataFrame) -> None:
    engine.give("lost", pa.Table.from_pandas(lost[["a", "b", "rule", "weight", "reason"]], preserve_index=False))
    engine.make("kept_edge", f'SELECT * EXCLUDE (rank) FROM "{relation}" AS edge ANTI JOIN lost ON lost.a = edge.a AND lost.b = edge.b')  # noqa: S608
    engine.add("dropped_edge", "lost")
    engine.give("cluster", pa.table({"n": pa.array(np.arange(len(root)), pa.int32()), "root": pa.array(root, pa.int32())}))
