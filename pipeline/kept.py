"""A delivery as landing keeps it: found by the ledger, its bytes checked before they are read again."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import fields

from connectors.landing import CHUNK, Delivery, Landing
from pipeline.settings import settings
from schemas.errors import ConfigurationError
from warehouse import ledger


def delivery(delivery_id: str) -> Delivery:
    """The receipt of a delivery; ConfigurationError if it was never registered."""
    row = ledger.delivery(delivery_id)
    return Delivery(**{one.name: row[one.name] if one.name == "size_bytes" else str(row[one.name]) for one in fields(Delivery)})  # type: ignore[arg-type]


def verify(deliveries: Sequence[Delivery]) -> None:
    """ConfigurationError `landing.missing` or `landing.altered` unless landing holds the very bytes that came."""
    for one in deliveries:
        try:
            if _sha256(one) != one.sha256:
                raise ConfigurationError("landing.altered", f"the bytes of {one.delivery_id} in landing are not those that came: their SHA-256 differs")
        except FileNotFoundError:
            raise ConfigurationError("landing.missing", f"landing has no file {one.sha256[:16]}… of delivery {one.delivery_id}") from None
        except (OSError, EOFError, zlib.error):
            raise ConfigurationError("landing.altered", f"the file of {one.delivery_id} in landing cannot be unpacked") from None


def _sha256(one: Delivery) -> str:
    digest = hashlib.sha256()
    with Landing(settings().landing).open(one) as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
