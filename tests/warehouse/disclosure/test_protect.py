"""Property tests of protection, against all tables of whole numbers that agree with what is published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from drawn_tables import RULES, possible, universe
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from schemas.errors import ConfigurationError, GateFailed
from schemas.publication import check_chain
from warehouse.disclosure.audit import Auditor
from warehouse.disclosure.cells import meaning, symbol
from warehouse.disclosure.protect import protect

METHODS = st.sampled_from(["rounding", "suppression"])
COUNT = st.sampled_from([0, 0, 1, 2, 3, 4, 4, 5, 6, 7])
TABLE = st.sampled_from([(2, 2), (2, 3), (4,), (2, 1, 2)]).flatmap(
    lambda shape: st.lists(COUNT, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))).map(lambda cells: np.array(cells).reshape(shape)))
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def small(exact: np.ndarray) -> np.ndarray:
    return (exact >= 1) & (exact <= 4)


def findings(*shown: tuple[str, Any]) -> list[str]:
    return [one.kind for one in Auditor(shown, RULES).audit().findings]


@FEW
@given(TABLE, METHODS)
def test_no_small_count_can_be_reckoned_from_a_protected_table(counts: np.ndarray, method: Any) -> None:
    first, exact = universe(counts, method)
    shown = protect("a", first, exact, RULES).universe.tables[0]
    tables = possible(shown)
    assert (tables == exact["t"]).reshape(len(tables), -1).all(axis=1).any(), "the truth agrees with what is shown"
    spread = tables.max(axis=0) - tables.min(axis=0)
    assert (spread[small(exact["t"])] >= RULES.width).all()
    assert findings(("a", replace(first, tables=(shown,)))) == []


@FEW
@given(TABLE, METHODS)
def test_zero_stays_zero_and_what_is_shown_is_what_the_method_says_of_the_exact_count(counts: np.ndarray, method: Any) -> None:
    first, exact = universe(counts, method)
    shown = protect("a", first, exact, RULES).universe.tables[0]
    for count, low, high in zip(exact["t"].ravel(), shown.lower.ravel(), shown.upper.ravel(), strict=True):
        printed = symbol(low, high, method, RULES)
        assert meaning(printed, method, RULES) == (low, high)
        assert low <= count <= high
        assert (printed == "0") == (count == 0)
        if printed.isdigit():
            assert int(printed) == (count if method == "suppression" else 5 * round(count / 5))
        else:
            assert printed in ("…", "1–4")
            assert printed == "…" or 1 <= count <= 4


@FEW
@given(TABLE, METHODS, st.data())
def test_no_small_change_between_two_releases_can_be_reckoned_or_the_second_is_refused(counts: np.ndarray, method: Any, data: st.DataObject) -> None:
    later = counts.copy()
    later.flat[data.draw(st.integers(0, counts.size - 1))] += data.draw(st.integers(1, 2))
    old, new = universe(counts, method), universe(later, method)
    before = protect("a", *old, RULES).universe
    try:
        after = protect("b", *new, RULES, [("a", before)]).universe
    except GateFailed:
        return
    assert findings(("a", before), ("b", after)) == []
    one, two = possible(before.tables[0]), possible(after.tables[0])
    least, greatest = two.min(axis=0) - one.max(axis=0), two.max(axis=0) - one.min(axis=0)
    is_known = ((least > 0) | (greatest < 0)) & (np.minimum(abs(least), abs(greatest)) <= 4) & (greatest - least < RULES.width)
    assert not is_known.any()


@FEW
@given(TABLE, METHODS)
def test_a_table_with_one_small_count_shown_as_it_is_fails_the_audit(counts: np.ndarray, method: Any) -> None:
    first, exact = universe(counts, method)
    assume(small(exact["t"]).any())
    shown = protect("a", first, exact, RULES).universe.tables[0]
    place = np.flatnonzero(small(exact["t"]))[0]
    lower, upper = shown.lower.copy(), shown.upper.copy()
    lower.flat[place] = upper.flat[place] = exact["t"].flat[place]
    assert findings(("a", replace(first, tables=(replace(shown, lower=lower, upper=upper),))))


def test_rounding_alone_gives_two_fours_away_by_their_total_and_the_protector_hides_more() -> None:
    first, exact = universe(np.array([4, 4]), "rounding")
    assert set(findings(("a", first))) == {"alone"}
    assert protect("a", first, exact, RULES).rounds == 1


def test_hiding_only_the_small_count_gives_it_away_by_its_totals() -> None:
    first, exact = universe(np.array([[3, 20], [10, 30]]), "suppression")
    assert findings(("a", first)) == ["alone"]
    made = protect("a", first, exact, RULES)
    assert made.hidden["t"].primary == 1
    assert made.hidden["t"].secondary >= 3


def test_seven_that_becomes_eight_is_one_child_and_is_not_shown_exactly_again() -> None:
    before, after = universe(np.array([[7, 20], [30, 40]]), "suppression"), universe(np.array([[8, 20], [30, 40]]), "suppression")
    assert "change" in findings(("a", before[0]), ("b", after[0]))
    made = protect("b", *after, RULES, [("a", protect("a", *before, RULES).universe)])
    assert np.isinf(made.universe.tables[0].upper[0, 0])


def test_a_count_shown_before_cannot_guard_another_now() -> None:
    """Of the same day: the cell that guards the new small count stands in the release before."""
    before = universe(np.array([[12, 20], [30, 40]]), "suppression")[0]
    hidden = universe(np.array([[12, 20], [30, 40]]), "suppression")[0].tables[0]
    lower, upper = hidden.lower.copy(), hidden.upper.copy()
    lower[:2, :2], upper[:2, :2] = 1, np.inf
    lower[0, 0] = upper[0, 0] = 3
    lower[0, 2] = upper[0, 2] = 23
    lower[2, 0] = upper[2, 0] = 33
    lower[2, 2] = upper[2, 2] = 93
    lower[0, 0], upper[0, 0] = 1, np.inf
    after = replace(before, tables=(replace(hidden, lower=lower, upper=upper),))
    assert findings(("b", after)) == []
    assert "unchanged" in findings(("a", before), ("b", after))


def test_the_same_counts_always_give_the_same_tables() -> None:
    counts = np.random.default_rng(3).poisson(6, (6, 5, 2))
    one, two = (protect("a", *universe(counts, "rounding"), RULES).universe.tables[0] for _ in range(2))
    assert (one.lower == two.lower).all()
    assert (one.upper == two.upper).all()


def test_cubes_that_share_margins_in_a_ring_are_refused_for_the_attacker_would_know_too_little() -> None:
    check_chain("u", [{"a", "b"}, {"b", "c"}])
    with pytest.raises(ConfigurationError, match=r"publication\.chain"):
        check_chain("u", [{"a", "b"}, {"b", "c"}, {"a", "c"}])
