"""Exchanges for the tests: one that says what the test tells it to, and the mock with its departments, both over HTTP."""

from __future__ import annotations

import io
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import uvicorn

from connectors.mocks.smev import Misbehaviour, app
from connectors.smev_envelope import BASIC, SOAP, TYPES

FAULTS = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/faults/1.3"
CALM = Misbehaviour(duplicate=0, disorder=0, smev_failure=0, overflow=0)
Answer = tuple[int, str, bytes]
"""HTTP status, Content-Type, body."""


def soap(inner: str, status: int = 200) -> Answer:
    return status, "text/xml", f'<S:Envelope xmlns:S="{SOAP}" xmlns:t="{TYPES}" xmlns:b="{BASIC}"><S:Body>{inner}</S:Body></S:Envelope>'.encode()


def fault(name: str) -> Answer:
    return soap(f'<S:Fault><faultcode>S:Server</faultcode><faultstring>x</faultstring><detail><f:{name} xmlns:f="{FAULTS}"/></detail></S:Fault>', 500)


EMPTY = soap("<t:GetResponseResponse/>")
ACKED = soap("<t:AckResponse/>")
SENT = soap("<t:SendRequestResponse/>")


def message(content: str, message_id: str = "11111111-1111-11ef-8111-111111111111", *, delivered: str = "2025-10-24T06:00:00Z") -> Answer:
    """GetResponseResponse with one message; `content` is what stands after To in SenderProvidedResponseData."""
    return soap(
        f'<t:GetResponseResponse><t:ResponseMessage><t:Response Id="SIGNED_BY_SMEV"><t:SenderProvidedResponseData><t:MessageID>{message_id}</t:MessageID>'
        f"<t:To>x</t:To>{content}</t:SenderProvidedResponseData><t:MessageMetadata><t:MessageId>{message_id}</t:MessageId><t:MessageType>BROADCAST</t:MessageType>"
        f"<t:SendingTimestamp>2025-10-24T06:00:00Z</t:SendingTimestamp><t:DeliveryTimestamp>{delivered}</t:DeliveryTimestamp></t:MessageMetadata>"
        "</t:Response></t:ResponseMessage></t:GetResponseResponse>")


def primary(element: str) -> str:
    return f"<b:MessagePrimaryContent>{element}</b:MessagePrimaryContent>"


@dataclass
class Script:
    """What the exchange answers next, by operation; the last answer repeats. What it was asked stands in `asked`."""

    answers: dict[str, list[Answer]]
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    url: str = ""
    before: Callable[[str], None] = lambda _: None

    def operations(self) -> list[str]:
        return [operation for operation, _ in self.asked]

    def take(self, operation: str, body: bytes) -> Answer:
        self.before(operation)
        self.asked.append((operation, body))
        queue = self.answers[operation]
        return queue.pop(0) if len(queue) > 1 else queue[0]


@contextmanager
def scripted(**answers: list[Answer]) -> Iterator[Script]:
    """An HTTP server of its own port that follows the script."""
    script = Script({"SendRequest": [SENT], "Ack": [ACKED], "GetResponse": [EMPTY], **answers})

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, kind, answer = script.take(self.headers["SOAPAction"].strip('"').removeprefix("urn:"), body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    script.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def departments(world: Path, misbehaviour: Misbehaviour = CALM) -> Iterator[str]:
    """The mock exchange with the departments behind it; gives its URL."""
    application = app(world, day=lambda: 0, misbehaviour=misbehaviour, state=world.parent / "state.sqlite")
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def zipped(**entries: bytes) -> bytes:
    """A ZIP of entries; `_` in a keyword stands for itself, `__` for a hyphen."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "-") + ".xml", content)
    return target.getvalue()
