"""A delivery drawn as its history was drawn is (almost) never out of the usual."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.transforms.profiled import broken, laid, marks, of_sender, persons
from transforms.profile import Laid, profile


def sent(chance: np.random.Generator, folder: Path, name: str, children: int) -> Laid:
    """A list, and marks of so many of the last school days as the calendar left: half a mark a child a day."""
    days = int(chance.integers(1, 15))
    return laid(folder, name, {"person": persons(chance, children), "mark": marks(chance, max(1, children * days // 2), days=days)},
                refused=int(chance.binomial(children, 0.05)))


# a failing draw is as good an example as a smaller one, and shrinking takes minutes
@settings(max_examples=8, deadline=None, derandomize=True, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32), children=st.sampled_from([3, 30, 60, 250]), growth=st.floats(0.8, 1.25))
def test_a_delivery_like_its_history_is_not_out_of_the_usual(seed: int, children: int, growth: float) -> None:
    chance = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        history = of_sender([sent(chance, Path(folder), f"h{n}", children) for n in range(int(chance.integers(8, 16)))], "mark person")
        assert broken(profile({"new": sent(chance, Path(folder), "new", max(1, round(children * growth)))}), history) == set()
