"""Tables of open data are protected: no cell of theirs is a count that could be listed."""

from __future__ import annotations

from schemas.publication import publication
from warehouse.drills.drill import Drill, fixed

DRILLS: dict[tuple[str, str], Drill] = {
    ("open_data", name): Drill(unit="roll", named=named, belongs=lambda units, _: units.iloc[:0], measures=fixed())
    for name, named in (("audit", ("table",)), *((table.name, ("number",)) for universe in publication().universes for table in universe.tables))}
"""A protected cell leads to no pupil: whoever may see children starts from the exact reports."""
