"""The hands files go through before they leave an organisation; careful ones change nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from connectors.mocks.journals.layouts import Layout
from connectors.mocks.journals.world import Organisation


class Clerks:
    """What may happen to a list, to marks, to the form of a file, to its bytes and to the register."""

    def pupils(self, organisation: Organisation, rows: pd.DataFrame) -> pd.DataFrame:
        """The roll (columns of `seen.journal_pupil`, key `local_id`) as it is written down."""
        return rows

    def marks(self, organisation: Organisation, rows: pd.DataFrame) -> pd.DataFrame:
        """Marks of the current quarter as they are written down."""
        return rows

    def layout(self, organisation: Organisation, layout: Layout) -> Layout:
        """The form the file has today."""
        return layout

    def sent(self, organisation: Organisation, path: Path) -> None:
        """The list is written at `path` and about to be sent."""

    def register(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The ministry's register (columns as in its file) as it is written down."""
        return rows


CAREFUL = Clerks()
