"""What each cell of each report counts, table by table: how a figure leads to the pupils behind it."""

from __future__ import annotations

from warehouse.drills import benefits, places, progress, publication, registers, school, universities
from warehouse.drills.drill import Drill, Measure

__all__ = ["DRILLS", "Drill", "Measure", "drill_of"]

DRILLS: dict[tuple[str, str], Drill] = {
    **benefits.DRILLS, **places.DRILLS, **progress.DRILLS, **publication.DRILLS, **registers.DRILLS, **school.DRILLS, **universities.DRILLS}
"""Drills by (report, table)."""


def drill_of(report: str, table: str) -> Drill:
    """The declaration of one table of a report; those of section 2.1.1 are named by the form of study."""
    return DRILLS[report, table] if (report, table) in DRILLS else registers.of_section(table)
