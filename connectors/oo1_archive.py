"""The ministry's archive of forms ОО-1: one CSV a school year in the folder `oo1` of the drop."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from connectors.conversation import arrival
from connectors.landing import Delivery, Landing
from connectors.layouts import recognise
from connectors.rows import RawBatch, Reading
from connectors.sources import Source
from connectors.tables_reader import batches, open_lines
from connectors.target import Target
from schemas.errors import SourceUnavailable


def fetch(source: Source, target: Target, landing: Landing) -> list[str]:
    """Land every `oo1/*.csv` of the folder `target.endpoint`, by name; a file whose bytes are known is a repeat."""
    files = sorted(path for path in (Path(target.endpoint) / "oo1").glob("*.csv") if path.name[0] not in ".~")
    if not files:
        raise SourceUnavailable("drop.empty", "no form of a past year is in the drop folder")
    return [_land(source, target, landing, path) for path in files]


def read(delivery: Delivery, stream: IO[bytes]) -> Reading:
    """Every line of a year: a municipality and a grade."""
    with open_lines(stream) as table:
        layout, header = recognise(table, ("archive",))
        for rows in batches(table.lines, header, layout.header_line):
            yield RawBatch("past_contingent", rows.rename(columns=layout.columns))


def _land(source: Source, target: Target, landing: Landing, path: Path) -> str:
    with path.open("rb") as file, landing.receive(source.name, origin=path.name, media="csv", received_at=arrival(),
                                                  as_of=target.as_of.isoformat()) as inbox:
        inbox.copy(file)
    if inbox.delivery is None:
        raise RuntimeError("the landing closed without a delivery")
    return inbox.delivery.delivery_id
