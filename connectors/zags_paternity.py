"""ЗАГС, establishments of paternity: pushes, bulk packages and answers to questions."""

from __future__ import annotations

from typing import IO

from connectors import zags
from connectors.landing import Delivery, Landing
from connectors.rows import Reading
from connectors.sources import Source
from connectors.target import Target
from connectors.xml_rows import Node
from connectors.zags_maps import paternity

KIND = zags.Kind("zags_paternity", "parentzp", "parentinf", "СведРегОтцов", "PARENTZPResponse", paternity)


def fetch(source: Source, target: Target, landing: Landing) -> list[str]:
    """Everything that waits in the queue, one delivery a message."""
    return zags.fetch(KIND, source, target, landing)


def read(delivery: Delivery, stream: IO[bytes]) -> Reading:
    """Person rows, one a version of an act."""
    return zags.read(KIND, delivery, stream)


def nodes() -> tuple[dict[str, Node], dict[str, Node]]:
    """The map of a record by its tag; no record holds another."""
    return KIND.nodes, {}
