"""The exchange: one consumer's conversation with СМЭВ 3 (message-exchange 1.3) over SOAP."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import httpx

from connectors import smev_envelope as envelope
from connectors.smev_faults import Action, action, fault_name
from connectors.smev_mime import RECEIVED, Part, kept_parts, parts
from schemas.errors import ContractBroken, SourceUnavailable

logging.getLogger("httpx").setLevel(logging.WARNING)
log = logging.getLogger(__name__)

CONSUMER = "KONTINGENT03"
"""Our mnemonic; stands for the certificate [D]."""
ATTEMPTS = 6
_TIMEOUT = httpx.Timeout(120.0, connect=5.0, pool=60.0)
_FAULT_BYTES = 1 << 20
UNREADABLE = 10
"""Messages in one drain that are not understood, at most: a queue of such needs a person."""
_DAMAGED = {"mime.truncated": "mime.truncated", "http.not_soap": "xml.not_soap"}
"""What may heal by itself; when it does not and the answer names a message, the message is at fault."""
_NOT_UNDERSTOOD = frozenset((*_DAMAGED.values(), "mime.malformed", "xml.not_well_formed", "xml.no_message_id"))


@dataclass(frozen=True)
class Attachment:
    """A file to be sent with a message."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """One message of the queue, on disk for as long as `poll` holds it; not acknowledged yet."""

    heading: envelope.Heading
    parts: tuple[Part, ...]
    """The SOAP part, then the attachments in the order of the message; the answer as it came when it is not understood."""
    broken: str | None = None
    """Why it is not understood; its id is then a guess, or missing."""

    @property
    def message_id(self) -> str:
        return self.heading.message_id or ""

    @property
    def fingerprint(self) -> str:
        return "".join(part.sha256 for part in self.parts)


class Exchange:
    """One endpoint as one consumer. Temporary failures are retried with growing pauses, then SourceUnavailable."""

    def __init__(self, endpoint: str, consumer: str | None = None, *, backoff: float = 0.5, attempts: int = ATTEMPTS,
                 pause: Callable[[float], None] = time.sleep) -> None:
        base = endpoint.rstrip("/")
        self._url = base if base.endswith("/ws") else f"{base}/ws"
        self._consumer = consumer or CONSUMER
        self._backoff, self._attempts, self._pause = backoff, attempts, pause
        self._unreadable = 0
        self._client = httpx.Client(timeout=_TIMEOUT, trust_env=False)

    def __enter__(self) -> Exchange:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def send(self, content: bytes, attachments: Sequence[Attachment] = (), *, message_id: str | None = None) -> str:
        """Send one business element; the id is made once and kept over retries (a new one only if СМЭВ calls it stale).

        Returns the id the answer will name. ContractBroken (`smev.<fault>`) when СМЭВ refuses the message itself.
        """
        identifier = message_id or envelope.new_message_id()
        for _ in range(2):
            if self._send(identifier, content, attachments) is not Action.NEW_ID:
                return identifier
            identifier = envelope.new_message_id()
        raise ContractBroken("smev.StaleMessageId", "a new message id is stale too: the clock is wrong")

    @contextmanager
    def poll(self, namespace: str, root: str) -> Iterator[Message | None]:
        """The next message of this kind, on disk while the block runs; None when the queue is empty.

        One whose MIME or envelope is not understood comes too, `broken` and whole: land it, then `release` it.
        """
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
        with tempfile.TemporaryDirectory(prefix="smev-") as folder:
            yield self._next(envelope.get_response(namespace, root, stamp), Path(folder))

    def release(self, message: Message) -> None:
        """Take a message that has landed off the queue; one that is not understood stays there if its id is not known.

        ContractBroken `smev.unreadable` after UNREADABLE such messages: what lies behind them is not reached for ever otherwise.
        """
        if message.broken is None:
            self.ack(message.message_id)
            return
        self._unreadable += 1
        log.warning("a message of the queue is not understood: %s; its id is %s", message.broken, "known" if message.message_id else "not known")
        if message.message_id:
            try:
                self.ack(message.message_id)
            except ContractBroken as refused:
                log.warning("a message that is not understood cannot be acknowledged: %s", refused.code)
        if self._unreadable >= UNREADABLE:
            raise ContractBroken("smev.unreadable", f"{self._unreadable} messages of the queue are not understood; they have landed")

    def ack(self, message_id: str) -> None:
        """Take the message off the queue; a message no longer there is already taken."""
        with tempfile.TemporaryDirectory(prefix="smev-") as folder:
            self._call("Ack", envelope.ack(message_id), Path(folder))

    def _next(self, body: bytes, folder: Path) -> Message | None:
        try:
            found = self._call("GetResponse", body, folder)
            return _message(found) if isinstance(found, list) else None
        except ContractBroken as broken:
            if broken.code not in _NOT_UNDERSTOOD:
                raise
            return _whole(folder / RECEIVED, broken.code)

    def _send(self, message_id: str, content: bytes, attachments: Sequence[Attachment]) -> Action:
        body = envelope.send_request(message_id, content, [(a.name, a.mime_type) for a in attachments])
        with tempfile.TemporaryDirectory(prefix="smev-") as folder:
            answer = self._call("SendRequest", body, Path(folder), attachments)
        return answer if isinstance(answer, Action) else Action.DONE

    def _call(self, operation: str, body: bytes, folder: Path, attachments: Sequence[Attachment] = ()) -> list[Part] | Action:
        """The parts of the answer, or what its fault asks for; retries what heals by itself."""
        headers, content = _request(operation, self._consumer, body, attachments)
        reason = "silent"
        for attempt in range(self._attempts):
            if attempt:
                self._pause(self._backoff * 2 ** (attempt - 1))
            try:
                answer = self._once(headers, content, folder, kept_parts if operation == "GetResponse" else parts)
            except httpx.TransportError as error:
                reason = type(error).__name__
                continue
            except ContractBroken as error:
                if error.code != "mime.truncated":
                    raise
                reason = error.code
                continue
            if isinstance(answer, list):
                return answer
            reason = answer
            if (todo := action(answer)) in (Action.DONE, Action.NEW_ID):
                return todo
            if todo is Action.STOP and not answer.startswith("http."):
                raise ContractBroken(f"smev.{answer}", f"{operation} was refused")
            if answer in ("http.401", "http.403"):
                break
        if operation == "GetResponse" and reason in _DAMAGED and envelope.find_message_id(folder / RECEIVED) is not None:
            raise ContractBroken(_DAMAGED[reason], f"{operation}: {self._attempts} times the same")
        raise SourceUnavailable("smev.unavailable", f"{operation}: {reason}, {self._attempts} attempts at most")

    def _once(self, headers: dict[str, str], content: bytes, folder: Path, split: Callable[[str, Iterable[bytes], Path], list[Part]]) -> list[Part] | str:
        """The parts of one answer, the name of its fault, or `http.<status>` when it is neither."""
        with self._client.stream("POST", self._url, headers=headers, content=content) as answer:
            kind = answer.headers.get("Content-Type", "")
            if answer.status_code not in (200, 202, 500):
                return f"http.{answer.status_code}"
            if "html" in kind.lower():
                return "http.html"
            found = split(kind or "text/xml", answer.iter_bytes(1 << 16), folder)
        name = _fault(found[0].path)
        if name is not None:
            return name
        if answer.status_code == 500 or not _is_envelope(found[0].path):
            return f"http.{'not_soap' if answer.status_code != 500 else 500}"
        return found


def _request(operation: str, consumer: str, body: bytes, attachments: Sequence[Attachment]) -> tuple[dict[str, str], bytes]:
    headers = {"SOAPAction": f'"urn:{operation}"', "X-Consumer": consumer, "Content-Type": "text/xml; charset=UTF-8"}
    if not attachments:
        return headers, body
    boundary = f"part-{envelope.new_message_id()}"
    headers["Content-Type"] = (f'multipart/related; type="application/xop+xml"; start="<root@kontingent>"; start-info="text/xml"; '
                               f'boundary="{boundary}"')
    pieces = [_piece(boundary, "root@kontingent", 'application/xop+xml; charset=UTF-8; type="text/xml"', body),
              *(_piece(boundary, a.name, a.mime_type, a.content) for a in attachments)]
    return headers, b"".join([*pieces, f"--{boundary}--\r\n".encode()])


def _piece(boundary: str, name: str, kind: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{name}>\r\n\r\n"
    return head.encode() + content + b"\r\n"


def _fault(path: Path) -> str | None:
    if path.stat().st_size > _FAULT_BYTES:
        return None
    content = path.read_bytes()
    return fault_name(content) if b"Fault" in content else None


def _is_envelope(path: Path) -> bool:
    with path.open("rb") as file:
        return b"Envelope" in file.read(4096)


def _message(found: list[Part]) -> Message | None:
    heading = envelope.heading(found[0].path)
    if heading.message_id is None:
        return None
    by_name = {part.content_id: part for part in found[1:]}
    named = [by_name.pop(name) for name in heading.attachments if name in by_name]
    return Message(heading, (found[0], *named, *by_name.values()))


def _whole(received: Path, code: str) -> Message:
    """A message as it came, with the id that its bytes seem to name."""
    with received.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Message(envelope.Heading(message_id=envelope.find_message_id(received)), (Part("", received, digest),), code)
