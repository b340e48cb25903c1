"""Writing what a source sees, and apart from it whose each record is."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import numpy as np

from connectors.mocks.region import store
from connectors.mocks.region.chance import Array, Columns
from connectors.mocks.region.organisations import Network
from connectors.mocks.region.places import Places

ZAGS = {"birth": "zags_births", "name_change": "zags_name_changes", "paternity": "zags_paternity", "death": "zags_deaths"}
"""The source in which each kind of act comes."""


def write(world: duckdb.DuckDBPyConnection, truth: duckdb.DuckDBPyConnection, tables: Iterable[tuple[str, str, Columns]], day: int = 0) -> None:
    """Append seen rows to the world and, for keys not written before, whose they are to the truth."""
    for table, source, rows in tables:
        if not len(rows["wire_key"]):
            continue
        days = rows.get("day", np.full(len(rows["wire_key"]), day))
        store.append(world, table, {name: value for name, value in rows.items() if name not in ("person_id", "product", "day")} | {"day": days})
        store.append(truth, "truth.wire", {"day": days, "source": source_names(source, rows), "wire_key": wire_keys(source, rows),
                                           "person_id": rows["person_id"]})


def source_names(source: str, rows: Columns) -> Array:
    """The catalogue's name of the source of each row."""
    if source == "zags":
        return np.array([ZAGS[kind] for kind in rows["act_kind"]], dtype=object)
    if source == "journal":
        return "journal_" + rows["product"]
    return np.full(len(rows["wire_key"]), source, dtype=object)


def wire_keys(source: str, rows: Columns) -> Array:
    """Keys unique in their source: an id of a journal or a university is led by the organisation."""
    return rows["organisation_key"] + ":" + rows["wire_key"] if source in ("journal", "vuz_scos") else rows["wire_key"]


def keep(truth: duckdb.DuckDBPyConnection, made: Columns) -> None:
    """Keep the true children: later days begin from them."""
    table = store.arrow(made)
    if not truth.execute("SELECT count(*) FROM information_schema.tables WHERE table_name = 'child'").fetchall()[0][0]:
        truth.from_arrow(table).create("truth.child")
    else:
        truth.from_arrow(table.select(truth.table("truth.child").columns)).insert_into("truth.child")


def keep_reference(truth: duckdb.DuckDBPyConnection, places: Places, network: Network) -> None:
    """Keep what the positions of places and organisations mean."""
    store.append(truth, "truth.place", {"place": np.arange(len(places.oktmo)), "oktmo": places.oktmo, "settlement": places.settlement,
                                        "is_rural": places.is_rural})
    store.append(truth, "truth.organisation", {"organisation": np.arange(len(network.place)), "organisation_key": network.register["organisation_key"],
                                               "product": network.register["product"]})
