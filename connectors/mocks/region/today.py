"""One day of the region while it is being lived: its files, its chance, and who takes part in its events."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from connectors.mocks.region import store, wires
from connectors.mocks.region.chance import Array, Columns, generator, take
from connectors.mocks.region.organisations import Network
from connectors.mocks.region.places import Places

_LATEST = """
SELECT rows.*, wanted.person_id FROM {table} AS rows JOIN wanted ON {key} = wanted.wire_key WHERE day <= $day
QUALIFY row_number() OVER (PARTITION BY wanted.wire_key ORDER BY day DESC, {order}) = 1 ORDER BY wanted.person_id, wanted.wire_key
"""

RESTS = 12
"""School days a family has no further event, so that what a source learns late is never overtaken."""


@dataclass(frozen=True, kw_only=True)
class Today:
    """Day `day` of a region of `children` children; both files are open for writing."""

    day: int
    date: np.datetime64
    seed: int
    children: int
    home: str | None
    world: duckdb.DuckDBPyConnection
    truth: duckdb.DuckDBPyConnection
    places: Places
    network: Network

    def chance(self, purpose: str) -> np.random.Generator:
        """The generator of one kind of event of this day."""
        return generator(self.seed, "day", self.day, purpose)

    def count(self, purpose: str, rate: float) -> int:
        """How many events of a kind happen today, at `rate` a child."""
        return int(self.chance(purpose + " count").poisson(rate * self.children))

    def some(self, purpose: str, wanted: int, condition: str) -> Columns:
        """Up to `wanted` living true children that fit `condition` (SQL over truth.child), in order of serials; after an event a family rests."""
        rng = self.chance(purpose)
        serials = rng.choice(self.children, size=min(self.children, wanted * 40), replace=False) if wanted else np.zeros(0, dtype=int)
        found = self._rows(serials, condition)
        order = np.argsort(np.argsort(serials)[np.searchsorted(np.sort(serials), found["serial"])], kind="stable")[:wanted]
        return take(found, np.sort(order))

    def _rows(self, serials: Array, condition: str) -> Columns:
        self.truth.register("chosen", store.arrow({"chosen": serials.astype(np.int64)}))
        found = store.read(self.truth, f"SELECT * FROM truth.child WHERE serial IN (SELECT chosen FROM chosen) AND kind = 'child' AND death_date IS NULL "  # noqa: S608
                           f"AND household NOT IN (SELECT household FROM truth.child JOIN truth.event USING (person_id) WHERE day > {self.day - RESTS}) "
                           f"AND ({condition}) ORDER BY serial")
        self.truth.unregister("chosen")
        return found

    def families(self, children: Columns) -> Columns:
        """Everyone who lives in the households of these children."""
        self.truth.register("chosen", store.arrow({"chosen": np.unique(children["household"]).astype(np.int64)}))
        found = store.read(self.truth, "SELECT * FROM truth.child WHERE household IN (SELECT chosen FROM chosen) AND kind = 'child' "
                           "AND death_date IS NULL ORDER BY serial")
        self.truth.unregister("chosen")
        return found

    def record(self, kind: str, persons: Array) -> None:
        """Note in the truth that this happened to these persons today."""
        if len(persons):
            store.append(self.truth, "truth.event", {"person_id": persons}, day=self.day, kind=kind)

    def put(self, children: Columns) -> None:
        """Replace (or add) true children."""
        if not len(children["serial"]):
            return
        self.truth.register("changed", store.arrow({"changed": children["person_id"]}))
        self.truth.execute("DELETE FROM truth.child WHERE person_id IN (SELECT changed FROM changed)")
        self.truth.unregister("changed")
        wires.keep(self.truth, children)

    def write(self, table: str, source: str, rows: Columns) -> None:
        """Append rows that a source learns today (or on the day in their own column)."""
        wires.write(self.world, self.truth, [(table, source, rows)], self.day)

    def latest(self, table: str, source: str, persons: Array) -> Columns:
        """The last row each source key of these persons has by today, with `person_id`; `source` is a SQL LIKE pattern."""
        self.truth.register("persons", store.arrow({"person": persons.astype(np.int64)}))
        wanted = store.table(self.truth, "SELECT DISTINCT wire_key, person_id FROM truth.wire WHERE source LIKE ? AND person_id IN (SELECT person FROM persons)",
                                         [source])
        self.truth.unregister("persons")
        self.world.register("wanted", wanted)
        key = "organisation_key || ':' || rows.wire_key" if table == "seen.journal_pupil" else "rows.wire_key"
        order = "version DESC" if table == "seen.zags_act" else "rows.rowid DESC"
        found = store.read(self.world, _LATEST.format(table=table, key=key, order=order), {"day": self.day})
        self.world.unregister("wanted")
        return found
