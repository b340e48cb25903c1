"""An attacker: what everything that is published together leaves open of each count, in whole numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]
from scipy.optimize import Bounds as Box  # type: ignore[import-untyped]
from scipy.optimize import LinearConstraint, linprog, milp

from schemas.errors import ContractBroken, GateFailed
from warehouse.disclosure.cells import Bounds
from warehouse.disclosure.layout import Layout

SWEEPS = 6
"""Random looks before a count is attacked by itself: one table of whole numbers shows something of many counts at once."""
NODES = 300
"""Branches the solver may look at for one question: a number, not a time, so that every machine answers alike. A question it leaves open is no pass: the
audit is refused."""
ROOM = 50
"""Children above the greatest published count that an open cell may hold: enough to be wider than any width."""


class Attacker:
    """Knows the bounds of every cell and that counts are whole numbers, none below zero.

    `least` and `greatest` hold, for each row, values that some table of whole numbers takes which agrees with all that is published: they are proofs.
    """

    def __init__(self, layout: Layout, lower: Bounds, upper: Bounds) -> None:
        self.layout, self.lower, self.upper = layout, lower, upper
        self.cap = float(max(upper[np.isfinite(upper)], default=0.0)) + ROOM
        self.least, self.greatest = np.full(len(lower), math.inf), np.full(len(lower), -math.inf)
        self._known: dict[int, tuple[float, float]] = {}
        self._chance = np.random.default_rng(0)

    def sweep(self, rows: Iterable[int], width: float) -> None:
        """Look at all `rows` together, until each has values that far apart or the looks are used up."""
        left = np.array(sorted(set(rows)), dtype=int)
        for number in range(SWEEPS):
            left = left[~(self.greatest[left] - self.least[left] >= width)]
            if not len(left):
                return
            signs = self._chance.choice((-1.0, 1.0), len(left)) if number > 1 else np.full(len(left), 1.0)
            weights = signs @ self.layout.cells[left]
            self._solve(np.asarray(weights).ravel())
            self._solve(-np.asarray(weights).ravel())

    def range(self, row: int) -> tuple[float, float]:
        """The least and the greatest value the count of this row can have."""
        if row not in self._known:
            if self.lower[row] == self.upper[row]:
                self._known[row] = (self.lower[row], self.upper[row])
            else:
                weights = self.layout.cells[[row]].toarray().ravel()
                if not (self._solve(weights) and self._solve(-weights)):
                    raise GateFailed("release.undecided", "the solver cannot decide how narrowly a count is known: nothing is released")
                self._known[row] = (float(self.least[row]), float(self.greatest[row]))
        return self._known[row]

    def binding(self, row: int) -> list[int]:
        """Rows whose bounds hold the count of this row where it is, from below or from above."""
        weights = self.layout.cells[[row]].toarray().ravel()
        is_high, is_low = np.isfinite(self.upper), self.lower > 0
        cells = self.layout.cells
        found: set[int] = set()
        for sign in (1.0, -1.0):
            solved = linprog(sign * weights, A_ub=sparse.vstack([cells[is_high], -cells[is_low]]), b_ub=np.concatenate([self.upper[is_high], -self.lower[is_low]]),
                             A_eq=self.layout.links, b_eq=np.zeros(self.layout.links.shape[0]), bounds=(0, self.cap), method="highs")
            if solved.status == 0:
                rows = np.concatenate([np.flatnonzero(is_high), np.flatnonzero(is_low)])
                found.update(rows[np.abs(solved.ineqlin.marginals) > 1e-9].tolist())
        return sorted(found)

    def is_possible(self) -> bool:
        """Whether any table of whole numbers agrees with the bounds; one that could not be ruled out counts as possible."""
        try:
            self._solve(np.zeros(self.layout.cells.shape[1]))
        except ContractBroken as error:
            if error.code != "release.contradiction":
                raise
            return False
        return True

    def _solve(self, weights: Bounds) -> bool:
        """Look for the table where `weights` is least; what was found is remembered for all rows. False when the solver left open whether there is a better one."""
        known = [LinearConstraint(self.layout.cells, self.lower, self.upper)]
        if self.layout.links.shape[0]:
            known.append(LinearConstraint(self.layout.links, 0, 0))
        solved = milp(weights, constraints=known, integrality=np.ones(len(weights)), bounds=Box(0, self.cap),
                      options={"node_limit": NODES})
        if solved.x is None and solved.status != 2:
            return False
        if solved.x is None:
            raise ContractBroken("release.contradiction", "published tables contradict one another: no counts agree with all of them")
        atoms = np.round(solved.x)
        values = self.layout.cells @ atoms
        if (values < self.lower).any() or (values > self.upper).any() or (self.layout.links @ atoms).any():
            raise ContractBroken("release.numeric", "the solver's table does not agree with what is published: the audit cannot be trusted")
        self.least, self.greatest = np.minimum(self.least, values), np.maximum(self.greatest, values)
        return bool(solved.status == 0)
