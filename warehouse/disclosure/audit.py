"""The audit of releases: each alone, several as if as little as possible had changed, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]
from scipy.optimize import linprog  # type: ignore[import-untyped]

from schemas.publication import Rules
from warehouse.disclosure.attacker import Attacker
from warehouse.disclosure.cells import Bounds, Universe
from warehouse.disclosure.layout import Layout, layout

Flags = NDArray[np.bool_]
Kind = Literal["alone", "unchanged", "change"]
KIND_TITLES: dict[Kind, str] = {"alone": "выпуск сам по себе", "unchanged": "вместе с прежними выпусками, как если бы почти ничего не изменилось",
                                "change": "разность с прежним выпуском"}


@dataclass(frozen=True, kw_only=True)
class View:
    """What one release says of one universe, over the rows of a layout."""

    name: str
    day: date
    lower: Bounds
    upper: Bounds


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A count, or a change of it, that is known too narrowly: `row` of the layout and its interval."""

    kind: Kind
    releases: tuple[str, ...]
    row: int
    interval: tuple[float, float]
    attacker: Attacker
    """Who found it: knows which published cells hold the count there."""


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What an audit of one universe found, and the narrowest interval it left (None: no small count is near)."""

    findings: tuple[Finding, ...]
    narrowest: float | None


class Auditor:
    """Audits releases of one universe, oldest first; attacks on the older ones are kept while the last one is made over."""

    def __init__(self, universes: Sequence[tuple[str, Universe]], rules: Rules) -> None:
        self.rules, self.layout = rules, layout([one for _, one in universes])
        self.within = max(one.same_within_days for _, one in universes)
        bounds = [self.layout.bounds(one) for _, one in universes]
        self.views = [View(name=name, day=one.day, lower=lower, upper=upper) for (name, one), (lower, upper) in zip(universes, bounds, strict=True)]
        self._attackers = [Attacker(self.layout, view.lower, view.upper) for view in self.views]

    @property
    def attacker(self) -> Attacker:
        """Who knows the last release alone."""
        return self._attackers[-1]

    def was_shown(self, row: int) -> bool:
        """Whether a release of about the same day shows this cell as the last one does: hiding it now would hide nothing."""
        last = self.views[-1]
        return any(one.lower[row] == last.lower[row] and one.upper[row] == last.upper[row] for one in self._near(len(self.views) - 1))

    def look_again(self, lower: Bounds, upper: Bounds) -> None:
        """The last release shows something else."""
        self.views[-1] = replace(self.views[-1], lower=lower, upper=upper)
        self._attackers[-1] = Attacker(self.layout, lower, upper)

    def audit(self, *, only_last: bool = False) -> Audit:
        """All attacks, or only those that the last release makes possible."""
        places = range(len(self.views))
        asked = places[-1:] if only_last else places
        findings: list[Finding] = []
        narrowest: list[float] = []
        for place in asked:
            findings += self._small(self._attackers[place], "alone", (self.views[place].name,), narrowest)
        for place in places:
            if (believed := self._believed(place)) is not None:
                findings += self._small(believed, "unchanged", (self.views[place].name, *(one.name for one in self._near(place))), narrowest)
        for new in asked:
            for old in range(new):
                findings += self._changes(self._attackers[old], self._attackers[new], (self.views[old].name, self.views[new].name))
        return Audit(findings=tuple(findings), narrowest=min(narrowest, default=None))

    def _small(self, attacker: Attacker, kind: Kind, releases: tuple[str, ...], narrowest: list[float]) -> list[Finding]:
        """Small counts whose possible values lie too near to one another; whoever is certainly zero or certainly greater is none."""
        (least, most), width = self.rules.small, self.rules.width
        near = np.flatnonzero((attacker.lower <= most) & (attacker.upper >= least))
        attacker.sweep(near, width)
        found = []
        for row in near.tolist():
            interval = attacker.least[row], attacker.greatest[row]
            if not interval[1] - interval[0] >= width:
                interval = attacker.range(row)
            if interval[0] <= most and interval[1] >= least:
                narrowest.append(interval[1] - interval[0])
                if interval[1] - interval[0] < width:
                    found.append(Finding(kind=kind, releases=releases, row=row, interval=interval, attacker=attacker))
        return found

    def _near(self, place: int) -> list[View]:
        """Other releases of about the same day, the latest first."""
        ours = self.views[place]
        return [one for number, one in reversed(list(enumerate(self.views))) if number != place and abs((one.day - ours.day).days) <= self.within]

    def _believed(self, place: int) -> Attacker | None:
        """Who supposes that what is shown elsewhere holds here, too, wherever that can be; None when it tells nothing more."""
        hard, others = self.views[place], self._near(place)
        lower, upper = hard.lower.copy(), hard.upper.copy()
        for soft in others:
            low, high = np.maximum(lower, soft.lower), np.minimum(upper, soft.upper)
            lower, upper = np.where(low <= high, low, lower), np.where(low <= high, high, upper)
        is_soft = (lower != hard.lower) | (upper != hard.upper)
        if not is_soft.any():
            return None
        broken = _least_changes(self.layout, lower, upper, is_soft)
        lower, upper = np.where(broken, hard.lower, lower), np.where(broken, hard.upper, upper)
        attacker = Attacker(self.layout, lower, upper)
        return attacker if attacker.is_possible() else None

    def _changes(self, old: Attacker, new: Attacker, releases: tuple[str, ...]) -> list[Finding]:
        """Counts that certainly changed, by a few children, known too narrowly."""
        most, width = self.rules.small[1], self.rules.width
        rows = np.flatnonzero(_told(old) & _told(new) & (new.lower - old.upper <= most) & (old.lower - new.upper <= most) & ~_alike(old, new))
        for one in (old, new):
            one.sweep([row for row in rows.tolist() if one.lower[row] < one.upper[row]], width)
        found = []
        for row in rows.tolist():
            if max(old.least[row], new.least[row]) <= min(old.greatest[row], new.greatest[row]) or _seen(old, row) + _seen(new, row) >= width:
                continue
            (before, before_most), (after, after_most) = old.range(row), new.range(row)
            low, high = after - before_most, after_most - before
            if (low > 0 or high < 0) and min(abs(low), abs(high)) <= most and high - low < width:
                found.append(Finding(kind="change", releases=releases, row=row, interval=(low, high), attacker=new))
        return found


def _seen(attacker: Attacker, row: int) -> float:
    """How far apart values of the row are known to be possible."""
    return 0.0 if attacker.lower[row] == attacker.upper[row] else float(attacker.greatest[row] - attacker.least[row])


def _told(attacker: Attacker) -> Flags:
    return (attacker.lower > 0) | np.isfinite(attacker.upper)


def _alike(old: Attacker, new: Attacker) -> Flags:
    """Cells that both show alike and exactly: nothing is known to have changed."""
    alike: Flags = (old.lower == old.upper) & (old.lower == new.lower) & (old.upper == new.upper)
    return alike


def _least_changes(layout: Layout, lower: Bounds, upper: Bounds, is_soft: Flags) -> Flags:
    """Which soft rows cannot hold together with the rest, so that together they give way as little as possible."""
    cells, atoms, soft = layout.cells, layout.cells.shape[1], np.flatnonzero(is_soft)
    gives = sparse.csr_matrix((np.ones(len(soft)), (soft, np.arange(len(soft)))), shape=(cells.shape[0], len(soft)))
    is_high = np.isfinite(upper)
    over = sparse.hstack([cells, -gives], format="csr")[is_high]
    under = sparse.hstack([-cells, -gives], format="csr")
    links = sparse.hstack([layout.links, sparse.csr_matrix((layout.links.shape[0], len(soft)))])
    solved = linprog(np.concatenate([np.zeros(atoms), np.ones(len(soft))]), A_ub=sparse.vstack([over, under]), b_ub=np.concatenate([upper[is_high], -lower]),
                     A_eq=links, b_eq=np.zeros(layout.links.shape[0]), bounds=(0, None), method="highs")
    broken = np.zeros(len(lower), dtype=bool)
    if solved.x is None:
        return is_soft
    broken[soft[solved.x[atoms:] > 1e-7]] = True
    return broken
