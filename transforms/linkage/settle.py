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
    made = _Clusters(engine, relation, by_score=by_score)
    made.thin()
    while made.suspect.size and not (gone := made.clashing()).empty:
        made.give_up(gone)
    _keep(engine, relation, made.root, pd.concat(made.lost, ignore_index=True))


class _Clusters:
    """Clusters under way: `root` of each record, edges (a, b) that still stand, records of `suspect` clusters, edges `lost`."""

    def __init__(self, engine: Engine, relation: str, *, by_score: bool) -> None:
        self.engine, self.relation, self.by_score = engine, relation, by_score
        self.count = engine.count("person")
        edges = engine.query(f"""SELECT CAST(a AS BIGINT) AS a, CAST(b AS BIGINT) AS b, rule IN ('name', 'score') AS is_scored FROM "{relation}" """)  # noqa: S608
        self.a, self.b, is_scored = (edges[name].to_numpy() for name in ("a", "b", "is_scored"))
        self.root = clusters.roots(self.count, self.a, self.b)
        self.suspect = _together(self.root, self.a[is_scored] if by_score else self.a)
        self.lost = [_none()]

    def thin(self) -> None:
        """Give up the weakest edges of clusters of more different records than one child can have, until there are none."""
        while self.suspect.size and len(crowded := self._crowded()):
            edges = self._edges(crowded)
            edges = edges[edges["rule"].isin(("name", "score")) if self.by_score else edges["rule"] != clusters.DECIDED]
            weakest = edges.groupby(self.root[edges["a"]])["rank"].transform("min")
            gone = edges[edges["rank"] == weakest]
            if gone.empty:
                return
            self.give_up(gone.assign(reason="crowded"))

    def clashing(self) -> pd.DataFrame:
        """The edges to give up because of records that may not stand together; only clusters with such stay suspect."""
        conflicts = self._conflicts()
        wrong = np.unique(self.root[conflicts["a"].to_numpy(np.int64)])
        self.suspect = self.suspect[np.isin(self.root[self.suspect], wrong)]
        return clusters.dropped(self._edges(wrong), conflicts)

    def give_up(self, gone: pd.DataFrame) -> None:
        """Cluster the suspect records again without these edges."""
        self.lost.append(gone)
        stay = ~np.isin(self.a * self.count + self.b, gone["a"].to_numpy(np.int64) * self.count + gone["b"].to_numpy(np.int64))
        self.a, self.b = self.a[stay], self.b[stay]
        inside = np.isin(self.a, self.suspect)
        places = (np.searchsorted(self.suspect, ends[inside]) for ends in (self.a, self.b))
        self.root[self.suspect] = self.suspect[clusters.roots(len(self.suspect), *places)]

    def _edges(self, chosen: Numbers) -> pd.DataFrame:
        """The edges of these clusters with all they say."""
        inside = np.isin(self.root[self.a], chosen)
        self.engine.give("wanted", pa.table({"a": self.a[inside], "b": self.b[inside]}))
        found: pd.DataFrame = self.engine.query(
            f'SELECT edge.* FROM "{self.relation}" AS edge JOIN wanted ON wanted.a = edge.a AND wanted.b = edge.b').to_pandas()  # noqa: S608
        return found

    def _components(self) -> None:
        self.engine.give("component", pa.table({"n": pa.array(self.suspect, pa.int32()), "root": pa.array(self.root[self.suspect], pa.int32())}))

    def _crowded(self) -> Numbers:
        self._components()
        self.engine.run("crowded")
        found: Numbers = self.engine.rows("crowded")["root"].to_numpy()
        return found

    def _conflicts(self) -> pd.DataFrame:
        """Pairs of records (a, b, reason) that stand in one component and may not."""
        self._components()
        self.engine.run("member_pair")
        compare(self.engine, "member_pair", "member_comparison")
        self.engine.run("conflict")
        found: pd.DataFrame = self.engine.rows("conflict").to_pandas()
        if not self.by_score:
            return found
        self.engine.run("stay_pair")
        score(self.engine, "told", "stay_pair", "stay_score")
        self.engine.run("stay_conflict")
        stay: pd.DataFrame = self.engine.rows("stay_conflict").to_pandas()
        return pd.concat([found, stay], ignore_index=True)


def _none() -> pd.DataFrame:
    return pd.DataFrame({"a": np.array([], np.int64), "b": np.array([], np.int64), "rule": pd.Series(dtype="str"), "weight": np.array([], float),
                         "agreement": np.array([], np.int64), "rank": np.array([], float), "reason": pd.Series(dtype="str")})


def _together(root: Numbers, ends: Numbers) -> Numbers:
    """Records of the clusters that edges with these ends made, in order."""
    made = np.zeros(len(root), dtype=bool)
    made[root[ends]] = True
    found: Numbers = np.flatnonzero(made[root])
    return found


def _keep(engine: Engine, relation: str, root: Numbers, lost: pd.DataFrame) -> None:
    engine.give("lost", pa.Table.from_pandas(lost[["a", "b", "rule", "weight", "reason"]], preserve_index=False))
    engine.make("kept_edge", f'SELECT * EXCLUDE (rank) FROM "{relation}" AS edge ANTI JOIN lost ON lost.a = edge.a AND lost.b = edge.b')  # noqa: S608
    engine.add("dropped_edge", "lost")
    engine.give("cluster", pa.table({"n": pa.array(np.arange(len(root)), pa.int32()), "root": pa.array(root, pa.int32())}))
