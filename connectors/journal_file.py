"""Files that schools and kindergartens without a journal drop: each file is one delivery, found by its bytes if nothing changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Literal

from connectors.contingent_file import read_file
from connectors.conversation import arrival
from connectors.landing import Delivery, Landing
from connectors.rows import Reading
from connectors.sources import Source
from connectors.target import Target
from schemas.errors import ConfigurationError, SourceUnavailable

_MEDIA: dict[str, Literal["csv", "xlsx"]] = {".csv": "csv", ".xlsx": "xlsx"}


def fetch(source: Source, target: Target, landing: Landing) -> list[str]:
    """Land every CSV and XLSX of the organisation's folder, the contingent before the marks."""
    if target.organisation_key is None:
        raise ConfigurationError("target.no_organisation", "files are fetched organisation by organisation")
    folder = Path(target.endpoint) / target.organisation_key
    files = sorted((path for path in folder.glob("*") if path.suffix.lower() in _MEDIA and path.name[0] not in ".~"), key=_order)
    if not files:
        raise SourceUnavailable("drop.empty", f"{target.organisation_key} has dropped no file")
    return [_land(source, target, landing, path) for path in files]


def read(delivery: Delivery, stream: IO[bytes]) -> Reading:
    """Rows of one file; the origin is `<organisation_key>/<file name>`."""
    organisation_key, _, name = delivery.origin.partition("/")
    return read_file(stream, organisation_key, name, ("contingent", "marks", "finals"))


def _order(path: Path) -> tuple[bool, str]:
    """Only files of marks have a school year in their name; they name pupils, so they come later."""
    return bool(re.search(r"20\d\d", path.name)), path.name


def _land(source: Source, target: Target, landing: Landing, path: Path) -> str:
    origin = f"{target.organisation_key}/{path.name}"
    with path.open("rb") as file, landing.receive(source.name, origin=origin, media=_MEDIA[path.suffix.lower()], received_at=arrival(),
                                                  as_of=target.as_of.isoformat()) as inbox:
        inbox.copy(file)
    if inbox.delivery is None:
        raise RuntimeError("the landing closed without a delivery")
    return inbox.delivery.delivery_id
