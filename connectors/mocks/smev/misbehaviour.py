"""How badly the mock exchange behaves: shares and seeds, the same every time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Misbehaviour:
    """Shares are in 0..1. Whether one event goes wrong depends on the seed and the event's own key, never on the clock."""

    seed: int = 2025
    duplicate: float = 0.01
    """Messages put into the queue twice."""
    disorder: float = 0.01
    """Messages that come after the one that was sent after them."""
    smev_failure: float = 0.01
    """Calls answered by the temporary fault SMEVFailure."""
    overflow: float = 0.001
    """SendRequest calls answered by DestinationOverflow."""
    async_reject: float = 0.0
    """Sound requests rejected later all the same."""
    redelivery_seconds: float = 900.0
    """A message not acknowledged comes again after this (the real interval is not published)."""
    answer_delay_seconds: float = 0.0
    """A department answers no sooner."""
    down: bool = False
    """Every call: 503."""
    html: bool = False
    """Every call: a page of HTML with 200, as a proxy does."""
    slow_seconds: float = 0.0
    """Every call waits so long first."""

    def strikes(self, kind: str, share: float, key: str) -> bool:
        """Does this misbehaviour hit the event named `key`?"""
        if share <= 0:
            return False
        digest = hashlib.blake2b(f"{self.seed}:{kind}:{key}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64 < share
