"""Asks a JSON service: bounded time, size and retries; a session is renewed once; nothing personal or secret in messages."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from types import TracebackType
from typing import Any, TypeVar

import httpx
import orjson

from schemas.errors import ConfigurationError, ContractBroken, SourceUnavailable

logging.getLogger("httpx").setLevel(logging.WARNING)  # its INFO lines hold URLs, and these hold tokens
log = logging.getLogger(__name__)

LIMIT = 64 << 20
"""Bytes of one answer at most, after decompression."""
ATTEMPTS = 5
WAIT_AT_MOST = 30.0
THREADS = 4

_TIMEOUT = httpx.Timeout(30.0, connect=5.0, pool=60.0)
_HEALS = frozenset((429, 500, 502, 503, 504))

Params = Mapping[str, str | int]
Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Service:
    """One JSON service and one session with it; safe to use from several threads.

    `open_session(service)` logs in and leaves its token in `service.headers` or `service.params`; `status_of(document)`
    gives the status a service hides inside its answer, if it does so.
    """

    def __init__(self, base: str, *, open_session: Callable[[Service], None] | None = None,
                 status_of: Callable[[Any], int] | None = None, headers: Mapping[str, str] | None = None,
                 params: Params | None = None, backoff: float = 0.3, limit: int = LIMIT) -> None:
        self.base = base.rstrip("/")
        self.headers: dict[str, str] = dict(headers or {})
        self.params: dict[str, str | int] = dict(params or {})
        self._client = httpx.Client(timeout=_TIMEOUT, trust_env=False, limits=httpx.Limits(max_connections=THREADS))
        self._open_session = open_session
        self._status_of = status_of
        self._backoff = backoff
        self._limit = limit
        self._lock = threading.Lock()
        self._session = 0

    def __enter__(self) -> Service:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def get(self, path: str, params: Params | None = None) -> bytes:
        """The JSON answer's bytes, as received; logs in first when there is no session yet.

        SourceUnavailable when retries did not help or the session is refused; ConfigurationError for 403, ContractBroken for
        any other status.
        """
        session = self._renew(0)
        renewed = False
        while True:
            status, body = self._ask("GET", path, params or {}, None)
            if status == 200:
                return body
            if status == 403:
                raise ConfigurationError("http.forbidden", f"{path} answered 403: the key or the account lacks the right")
            if status != 401:
                raise ContractBroken("http.status", f"{path} answered {status}")
            if renewed or self._open_session is None:
                raise SourceUnavailable("http.unauthorised", f"{path} answered 401 in a new session")
            renewed = session == self._session
            session = self._renew(session)

    def post(self, path: str, form: Mapping[str, str]) -> Any:
        """The parsed answer to a form, without a session: used to open one. SourceUnavailable if it is refused."""
        status, body = self._ask("POST", path, {}, form)
        if status != 200:
            raise SourceUnavailable("http.login_refused", f"{path} answered {status}")
        return orjson.loads(body)

    def _renew(self, seen: int) -> int:
        """Log in unless another thread has since session number `seen`; returns the number of the session."""
        with self._lock:
            if self._session == seen and self._open_session is not None:
                self._open_session(self)
                self._session += 1
            return self._session

    def _ask(self, method: str, path: str, params: Params, form: Mapping[str, str] | None) -> tuple[int, bytes]:
        code = "http.silent"
        for attempt in range(ATTEMPTS):
            try:
                status, body, wait = self._once(method, path, params, form)
                document = _json(body) if status == 200 else None
                if document is not None and self._status_of is not None:
                    status = self._status_of(document)
            except httpx.TransportError as error:
                code, wait = "http.silent", None
                log.info("%s: %s, attempt %d", path, type(error).__name__, attempt + 1)
            else:
                if status == 200 and document is None:
                    code = "http.not_json"
                elif status in _HEALS:
                    code = "http.unavailable"
                else:
                    return status, body
            if attempt + 1 < ATTEMPTS:
                time.sleep(min(self._backoff * 2**attempt if wait is None else wait, WAIT_AT_MOST))
        raise SourceUnavailable(code, f"{path}: no usable answer in {ATTEMPTS} attempts") from None

    def _once(self, method: str, path: str, params: Params, form: Mapping[str, str] | None) -> tuple[int, bytes, float | None]:
        chunks: list[bytes] = []
        size = 0
        asked = {**self.params, **params}
        with self._client.stream(method, f"{self.base}/{path}", params=asked, headers=self.headers, data=form) as answer:
            for chunk in answer.iter_bytes():
                size += len(chunk)
                if size > self._limit:
                    raise ContractBroken("http.too_large", f"{path}: more than {self._limit} bytes")
                chunks.append(chunk)
            return answer.status_code, b"".join(chunks), _seconds(answer.headers.get("Retry-After"))


def each(ask: Callable[[Question], Answer], questions: Iterable[Question]) -> Iterator[Answer]:
    """Answers in the order of the questions, a few threads at a time; no more than a few dozen answers wait in memory."""
    waiting = iter(questions)
    with ThreadPoolExecutor(THREADS) as pool:
        while batch := list(islice(waiting, 16 * THREADS)):
            yield from pool.map(ask, batch)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isdigit() else None
