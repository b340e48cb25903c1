"""A second set of errors, for testing only."""

from __future__ import annotations

import numpy as np

from connectors.mocks.region import errors
from connectors.mocks.region.chance import Columns

ERRORS = errors.ERRORS


def spoil(rng: np.random.Generator, rows: Columns, children: Columns) -> None:
    """Nothing yet."""
