"""The ministry's register of education organisations: one CSV in the drop folder."""

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
    """Land `register.csv` of the folder `target.endpoint`."""
    path = Path(target.endpoint) / "register.csv"
    if not path.exists():
        raise SourceUnavailable("drop.empty", "the register is not in the drop folder")
    with path.open("rb") as file, landing.receive(source.name, origin="register.csv", media="csv", received_at=arrival(),
                                                  as_of=target.as_of.isoformat()) as inbox:
        inbox.copy(file)
    if inbox.delivery is None:
        raise RuntimeError("the landing closed without a delivery")
    return [inbox.delivery.delivery_id]


def read(delivery: Delivery, stream: IO[bytes]) -> Reading:
    """Every organisation as the register has it."""
    with open_lines(stream) as table:
        layout, header = recognise(table, ("organisations",))
        for rows in batches(table.lines, header, layout.header_line):
            yield RawBatch("organisation", rows.rename(columns=layout.columns))
