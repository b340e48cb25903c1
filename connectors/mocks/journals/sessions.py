"""Sessions of a journal: a token lives for so many requests and so many seconds."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from connectors.mocks.journals.bounded import Bounded
from connectors.mocks.journals.world import Organisation


@dataclass
class _Session:
    organisation: Organisation
    requests_left: int
    deadline: float


class Sessions:
    """Live tokens of one product; the oldest go when there are too many."""

    def __init__(self, *, requests: int = 5_000, seconds: float = 900.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.requests, self.seconds = requests, seconds
        self._clock = clock
        self._live: Bounded[str, _Session] = Bounded(10_000)

    def open(self, organisation: Organisation) -> str:
        """A new token for this organisation."""
        token = secrets.token_hex(16)
        self._live.put(token, _Session(organisation, self.requests, self._clock() + self.seconds))
        return token

    def owner(self, token: str | None, *, expire: bool = False) -> Organisation | None:
        """Whose token it is; None when unknown or expired. Counts one request; `expire` ends the session now."""
        session = self._live.get(token) if token else None
        if session is None or token is None:
            return None
        session.requests_left -= 1
        if expire or session.requests_left < 0 or self._clock() > session.deadline:
            self._live.pop(token)
            return None
        return session.organisation

    def close(self, token: str | None) -> None:
        if token:
            self._live.pop(token)
