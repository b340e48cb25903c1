"""Clusters of records: connected by edges, never holding together what may not be one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

Numbers = npt.NDArray[np.int64]
DECIDED = "decision"
"""The reason of a conflict that a person set."""


def roots(count: int, left: Numbers, right: Numbers) -> Numbers:
    """For each of the records 0..count-1 the smallest record its edges connect it to."""
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    total, labels = connected_components(graph, directed=False)
    smallest = np.full(total, count, dtype=np.int64)
    np.minimum.at(smallest, labels, np.arange(count, dtype=np.int64))
    root: Numbers = smallest[labels]
    return root


def dropped(edges: pd.DataFrame, conflicts: pd.DataFrame) -> pd.DataFrame:
    """The edges to give up so that no two records of `conflicts` stay connected.

    `edges` (a, b, rule, rank, agreement) are those of the components in question, `conflicts` (a, b, reason) what they may not hold.
    Stronger edges are kept first; where equally strong ones would connect a record to two that exclude each other, none of them is kept.
    Returns columns of `edges` and `reason`; the same rows in any order give the same answer.
    """
    if conflicts.empty:
        return edges.head(0).assign(reason="")
    forest = _Forest(zip(conflicts["a"], conflicts["b"], conflicts["reason"], strict=True))
    lost: list[tuple[int, str]] = []
    ordered = edges.assign(decided=edges["rule"] == "decision").sort_values(
        ["decided", "rank", "agreement", "a", "b"], ascending=[False, False, False, True, True])
    rows = zip(ordered.index.tolist(), *(ordered[name].tolist() for name in ("a", "b", "decided", "rank", "agreement")), strict=True)
    for (decided, *_), level in groupby(rows, key=lambda row: row[3:]):
        lost += forest.grow([(position, a, b) for position, a, b, *_ in level], forced=bool(decided))
    positions = [position for position, _ in lost]
    return edges.loc[positions].assign(reason=[reason for _, reason in lost])


class _Forest:
    """Groups of records that grow level by level; a level's edges are taken together or, where they clash, not at all."""

    def __init__(self, conflicts: Iterable[tuple[int, int, str]]) -> None:
        self._parent: dict[int, int] = {}
        self._enemies: dict[int, dict[int, str]] = defaultdict(dict)
        for a, b, reason in conflicts:
            self._enemies[a][b] = self._enemies[b][a] = _graver(reason, self._enemies[a].get(b, reason))

    def find(self, n: int) -> int:
        parent = self._parent.setdefault(n, n)
        while parent != self._parent[parent]:
            self._parent[parent] = parent = self._parent[self._parent[parent]]
        self._parent[n] = parent
        return parent

    def grow(self, level: list[tuple[int, int, int]], *, forced: bool) -> list[tuple[int, str]]:
        """Connect by edges of one strength (position, a, b); those refused, with the reason. Only a person's word stops another's (`forced`)."""
        groups = [(position, self.find(a), self.find(b)) for position, a, b in level]
        reasons = {position: reason for position, x, y in groups if (reason := self._clash(x, y, forced))}
        passed = [group for group in groups if group[0] not in reasons]
        together = _connected([(x, y) for _, x, y in passed])
        tied = {label for label, members in _members(together).items() if self._any_clash(members, forced)}
        kept = [(x, y) for _, x, y in passed if together[x] not in tied]
        for position, x, y in passed:
            if together[x] in tied and x != y:
                reasons[position] = "near_tie"
                self._enemies[x][y] = self._enemies[y][x] = _graver("near_tie", self._enemies[x].get(y, "near_tie"))
        for x, y in kept:
            self._join(self.find(x), self.find(y))
        return list(reasons.items())

    def _clash(self, x: int, y: int, forced: bool) -> str | None:
        if x == y:
            return None
        reasons = {reason for enemy, reason in self._enemies[x].items() if self.find(enemy) == y}
        return DECIDED if DECIDED in reasons else None if forced else min(reasons, default=None)

    def _any_clash(self, groups: set[int], forced: bool) -> bool:
        return any((other := self.find(enemy)) != group and other in groups
                   for group in groups for enemy, reason in self._enemies[group].items() if reason == DECIDED or not forced)

    def _join(self, x: int, y: int) -> None:
        if x == y:
            return
        x, y = min(x, y), max(x, y)
        self._parent[y] = x
        for enemy, reason in self._enemies.pop(y, {}).items():
            self._enemies[x][enemy] = _graver(reason, self._enemies[x].get(enemy, reason))


def _graver(reason: str, other: str) -> str:
    """Of two reasons to stay apart the one that holds against more."""
    return DECIDED if DECIDED in (reason, other) else min(reason, other)


def _connected(pairs: list[tuple[int, int]]) -> dict[int, int]:
    """The smallest member of the component each number is in."""
    numbers = sorted({number for pair in pairs for number in pair})
    place = {number: index for index, number in enumerate(numbers)}
    left = np.fromiter((place[x] for x, _ in pairs), dtype=np.int64, count=len(pairs))
    right = np.fromiter((place[y] for _, y in pairs), dtype=np.int64, count=len(pairs))
    return dict(zip(numbers, (numbers[root] for root in roots(len(numbers), left, right)), strict=True))


def _members(labels: dict[int, int]) -> dict[int, set[int]]:
    members: dict[int, set[int]] = defaultdict(set)
    for number, label in labels.items():
        members[label].add(number)
    return members
