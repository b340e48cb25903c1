"""The protector: shows what the method shows, lets the attacker look, and hides until nothing is found; the same counts always give the same tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from schemas.errors import GateFailed
from schemas.publication import Rules
from warehouse.disclosure.audit import KIND_TITLES, Audit, Auditor, Finding, Flags
from warehouse.disclosure.cells import Bounds, Counts, Universe


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """Of one table: small counts that are hidden, and others hidden only so that those cannot be reckoned. Never published: their split would tell."""

    primary: int
    secondary: int


@dataclass(frozen=True, kw_only=True)
class Protected:
    """What may be published of one universe."""

    universe: Universe
    hidden: dict[str, Hidden]
    narrowest: float | None
    rounds: int
    totals: int
    """How many different grand totals its tables have: 1, for they count the same children."""


def protect(name: str, first: Universe, exact: dict[str, Counts], rules: Rules, earlier: Sequence[tuple[str, Universe]] = ()) -> Protected:
    """The protected tables of release `name`, audited alone and with the `earlier` releases (oldest first).

    `first`: the tables as their methods show them; `exact`: the counts behind each, totals included. Raises GateFailed when nothing is left that could be
    hidden: what was published before tells too much already.
    """
    auditor = Auditor([*earlier, (name, first)], rules)
    own = np.zeros(len(auditor.layout.rows), dtype=bool)
    for table in first.tables:
        own[auditor.layout.slices[table.name]] = True
    rounds = 0
    while (audit := auditor.audit(only_last=True)).findings:
        rounds += 1
        view = auditor.views[-1]
        lower, upper = view.lower.copy(), view.upper.copy()
        for finding in audit.findings:
            _hide(auditor, finding, own, lower, upper)
        auditor.look_again(lower, upper)
    audit = _show_what_is_known(auditor, first, own) or audit
    universe = _taken(auditor, first)
    return Protected(universe=universe, narrowest=audit.narrowest, rounds=rounds, totals=len({int(one.flat[-1]) for one in exact.values()}),
                     hidden={table.name: _split(table.upper, exact[table.name], auditor, table.name, first, rules) for table in universe.tables})


def _hide(auditor: Auditor, finding: Finding, own: Flags, lower: Bounds, upper: Bounds) -> None:
    """Hide the cell that costs least among those that give this count away; nothing if one of them was just hidden."""
    before = auditor.views[-1]
    open_before = own & (before.lower > 0) & np.isfinite(before.upper)
    giving = [finding.row] if finding.kind == "change" and open_before[finding.row] else finding.attacker.binding(finding.row)
    could = [row for row in giving if open_before[row]] or _overlapping(auditor, finding.row, open_before) or np.flatnonzero(open_before).tolist()
    if any(np.isinf(upper[row]) for row in could):
        return
    if not could:
        place = auditor.layout.rows[finding.row].table or "a cross of published tables"
        raise GateFailed("release.open", f"{KIND_TITLES[finding.kind]} ({', '.join(finding.releases)}): a count of {place} stays known too narrowly "
                                         "with everything hidden: nothing was released")
    chosen = min(could, key=lambda row: (auditor.was_shown(row), auditor.layout.rows[row].totals, before.lower[row], row))
    lower[chosen], upper[chosen] = 1.0, math.inf


def _show_what_is_known(auditor: Auditor, first: Universe, own: Flags) -> Audit | None:
    """Show hidden cells again that the others give away as exactly as the method would: they were hidden for nothing. Small counts are never among them."""
    view, attacker = auditor.views[-1], auditor.attacker
    shown_lower, shown_upper = auditor.layout.bounds(first)
    free = [row for row in np.flatnonzero(own & np.isinf(view.upper) & np.isfinite(shown_upper)).tolist()
            if attacker.range(row)[0] >= shown_lower[row] and attacker.range(row)[1] <= shown_upper[row]]
    if not free:
        return None
    lower, upper = view.lower.copy(), view.upper.copy()
    lower[free], upper[free] = shown_lower[free], shown_upper[free]
    auditor.look_again(lower, upper)
    audit = auditor.audit(only_last=True)
    if audit.findings:
        auditor.look_again(view.lower, view.upper)
        return None
    return audit


def _overlapping(auditor: Auditor, row: int, is_open: Flags) -> list[int]:
    """Open cells that count some of the same children."""
    cells = auditor.layout.cells
    shares = np.asarray((cells @ cells[[row]].T).todense()).ravel() > 0
    return [int(one) for one in np.flatnonzero(shares & is_open)]


def _taken(auditor: Auditor, first: Universe) -> Universe:
    """The universe as the last view shows it, over the values of all releases."""
    view, layout = auditor.views[-1], auditor.layout
    tables = []
    for table in first.tables:
        axes = layout.axes[table.name]
        shape, part = [len(values) + 1 for _, values in axes], layout.slices[table.name]
        tables.append(replace(table, axes=axes, lower=view.lower[part].reshape(shape), upper=view.upper[part].reshape(shape)))
    return replace(first, tables=tuple(tables))


def _split(upper: Bounds, exact: Counts, auditor: Auditor, name: str, first: Universe, rules: Rules) -> Hidden:
    table = next(one for one in first.tables if one.name == name)
    wide = auditor.layout.bounds(replace(first, tables=(replace(table, lower=exact.astype(float), upper=exact.astype(float)),)))[0]
    counts = wide[auditor.layout.slices[name]].reshape(upper.shape)
    is_small, is_hidden = (counts >= rules.small[0]) & (counts <= rules.small[1]), np.isinf(upper)
    return Hidden(primary=int((is_hidden & is_small).sum()), secondary=int((is_hidden & ~is_small).sum()))

