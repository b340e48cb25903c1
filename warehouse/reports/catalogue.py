"""The catalogue of reports, in the order of their numbers."""

from __future__ import annotations

from schemas.errors import ConfigurationError
from warehouse.reports import ages, attendance, benefits, contingent, demand, movement, not_enrolled, open_data, preschool, progress, reconciliation, universities
from warehouse.reports.definition import Definition

DEFINITIONS: tuple[Definition, ...] = tuple(sorted(
    (ages.DEFINITION, attendance.DEFINITION, benefits.DEFINITION, contingent.DEFINITION, demand.DEFINITION, movement.DEFINITION, not_enrolled.DEFINITION,
     open_data.DEFINITION, preschool.DEFINITION, progress.DEFINITION, reconciliation.DEFINITION, universities.DEFINITION),
    key=lambda one: int(one.code.removeprefix("R"))))


def of(wanted: str) -> Definition:
    """The report of that number or name; ConfigurationError, naming the known ones, when there is none."""
    for definition in DEFINITIONS:
        if wanted.lower() in (definition.code.lower(), definition.name):
            return definition
    known = ", ".join(f"{definition.code} ({definition.name})" for definition in DEFINITIONS)
    raise ConfigurationError("report.unknown", f"no report {wanted[:40]!r}; known are: {known}")
