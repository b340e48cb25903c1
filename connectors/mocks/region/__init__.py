"""The synthetic region: deterministic by seed, seen by each source through its own errors."""

from connectors.mocks.region.assemble import build
from connectors.mocks.region.days import day_date
from connectors.mocks.region.events import advance
from connectors.mocks.region.progress import final_marks, progress_marks

__all__ = ["advance", "build", "day_date", "final_marks", "progress_marks"]
