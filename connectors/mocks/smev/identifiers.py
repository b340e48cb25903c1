"""Message identifiers: UUID of version 1, lower case, with the time inside."""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import UTC, datetime, timedelta

FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
LIFETIME_SECONDS = 2 * 24 * 3600
_EPOCH = datetime(1582, 10, 15, tzinfo=UTC)
_NODE = 0x0242AC120003


def is_well_formed(identifier: str) -> bool:
    """UUID of variant RFC 4122, version 1, in lower case."""
    return FORM.fullmatch(identifier) is not None


def seconds(identifier: str) -> float:
    """The time inside, in seconds since 1970."""
    return (_EPOCH + timedelta(microseconds=uuid.UUID(identifier).time // 10)).timestamp()


def fresh() -> str:
    return str(uuid.uuid1(node=_NODE))


def derived(moment: datetime, key: str) -> str:
    """Always the same identifier for the same key and moment, so a push repeated is a push repeated byte for byte."""
    digest = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")
    ticks = round((moment - _EPOCH).total_seconds()) * 10_000_000 + digest % 10_000_000
    fields = (ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0x0FFF | 0x1000, digest >> 24 & 0x3F | 0x80, digest >> 32 & 0xFF)
    return str(uuid.UUID(fields=(*fields, _NODE)))
