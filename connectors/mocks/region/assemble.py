"""Making the region: truth chunk by chunk, and what each source sees of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from connectors.mocks.region import civil, documents, households, interior, journals, lives, organisations, pension, schooling, store, universities, wires
from connectors.mocks.region.chance import Columns, generator
from connectors.mocks.region.organisations import Network
from connectors.mocks.region.places import Places, republic

CHUNK = 20_000
Progress = Callable[[str, int, int], None]


def build(folder: Path, *, seed: int, children: int, home: str | None, progress: Progress | None = None) -> None:
    """Make `world.duckdb` (what the sources see on day 0), `truth.parquet` and `truth_person.parquet` in `folder`.

    `children` counts those of 0-17 years; `home` is the ОКТМО of one municipality or None for all. What stood there is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    places, network = republic(), organisations.make(seed, children, home, republic())
    with store.create(folder / store.WORLD) as world, store.create(folder / store.TRUTH, store.TRUTH_DDL) as truth:
        store.append(world, "seen.organisation", network.register, day=0)
        wires.keep_reference(truth, places, network)
        store.append(world, "seen.class_subject", organisations.class_subjects(network))
        for chunk, first in enumerate(range(0, children, CHUNK)):
            made = person_chunk(seed, chunk, first, min(CHUNK, children - first), home, places, network)
            wires.keep(truth, made)
            wires.write(world, truth, seen_of(seed, chunk, made, places, network))
            if progress:
                progress("region", min(first + CHUNK, children), children)
        wires.write(world, truth, [("seen.journal_pupil", "journal", journals.test_pupils(seed, network))])
        universities.day_zero(world, truth, seed, children, places, network)
        store.put_settings(world, {"seed": seed, "children": children, "home": home, "day": 0})
        store.export_truth(truth, folder)


def person_chunk(seed: int, chunk: int, first: int, count: int, home: str | None, places: Places, network: Network) -> Columns:
    """The true children of one chunk with documents, lives and schooling."""
    made = households.make(seed, chunk, first, count, places, home)
    made |= documents.make(seed, chunk, made, places)
    made |= lives.make(seed, chunk, made)
    made |= schooling.make(seed, chunk, made, network)
    return made | {"registered": interior.homes(generator(seed, "homes", chunk), made["place"], places),
                   "kind": np.full(count, "child", dtype=object)}


def seen_of(seed: int, chunk: int, made: Columns, places: Places, network: Network) -> Iterable[tuple[str, str, Columns]]:
    """Tables of the sources for one chunk: table, source (or family of sources), rows."""
    for rows in civil.day_zero(seed, chunk, made, places):
        yield "seen.zags_act", "zags", rows
    for rows in pension.day_zero(seed, chunk, made):
        yield "seen.pfr_account", pension.SOURCE, rows
    for rows in interior.day_zero(seed, chunk, made, places):
        yield "seen.fms_registration", interior.SOURCE, rows
    for rows in journals.day_zero(seed, chunk, made, network):
        yield "seen.journal_pupil", "journal", rows
