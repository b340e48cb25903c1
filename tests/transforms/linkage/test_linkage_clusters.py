"""Clusters hold nothing that may not stand together, whatever the edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.linkage.clusters import dropped, roots

PAIRS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]), unique=True, max_size=14)


def _edges(pairs: list[tuple[int, int]], weights: list[int]) -> pd.DataFrame:
    rows = [(a, b, "snils", float(weight), 4, float(weight)) for (a, b), weight in zip(pairs, weights, strict=False)]
    return pd.DataFrame(rows, columns=["a", "b", "rule", "weight", "agreement", "rank"]).astype({"a": "int64", "b": "int64"})


def _roots(edges: pd.DataFrame) -> np.ndarray:
    return roots(8, edges["a"].to_numpy(np.int64), edges["b"].to_numpy(np.int64))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(PAIRS, st.lists(st.integers(20, 24), min_size=14, max_size=14), PAIRS, st.randoms(use_true_random=False))
def test_no_conflict_stays_connected_and_order_does_not_matter(
        pairs: list[tuple[int, int]], weights: list[int], apart: list[tuple[int, int]], random: object) -> None:
    edges = _edges(pairs, weights)
    conflicts = pd.DataFrame([(a, b, "contradiction") for a, b in apart], columns=["a", "b", "reason"])
    lost = dropped(edges, conflicts)
    root = _roots(edges.drop(index=lost.index))
    assert all(root[a] != root[b] for a, b in apart)
    mixed = edges.sample(frac=1, random_state=7)
    assert set(dropped(mixed, conflicts).index) == set(lost.index)


def test_the_weakest_edge_of_a_chain_is_given_up() -> None:
    lost = dropped(_edges([(0, 1), (1, 2)], [25, 20]), pd.DataFrame({"a": [0], "b": [2], "reason": ["contradiction"]}))
    assert lost[["a", "b", "reason"]].to_numpy().tolist() == [[1, 2, "contradiction"]]


def test_equally_strong_edges_to_two_that_exclude_each_other_are_both_given_up() -> None:
    lost = dropped(_edges([(0, 1), (1, 2)], [25, 25]), pd.DataFrame({"a": [0], "b": [2], "reason": ["contradiction"]}))
    assert set(lost["reason"]) == {"near_tie"}
    assert len(lost) == 2
