"""The HTTP side of the mock exchange: `POST /ws`, bounded bodies, MIME answers."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import anyio
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from connectors.mocks.region.days import day_date
from connectors.mocks.smev import calls, faults, mime
from connectors.mocks.smev.exchange import Exchange, Reply
from connectors.mocks.smev.faults import Fault
from connectors.mocks.smev.identifiers import fresh
from connectors.mocks.smev.known import Known
from connectors.mocks.smev.letters import ARCHIVE
from connectors.mocks.smev.mailbox import Mailbox
from connectors.mocks.smev.misbehaviour import Misbehaviour

BODY_SIZE = 80 << 20
"""Bytes of one HTTP request at most."""
_CHUNK = 1 << 20


def app(world: Path, *, day: Callable[[], int], misbehaviour: Misbehaviour, state: Path,
        clock: Callable[[], float] = time.time, date_of: Callable[[int], date] = day_date, acts: str = "world.seen.zags_act") -> Starlette:
    """The exchange over one world file; `state` is its SQLite file, bulk attachments lie in a folder beside it.

    `app.state.exchange` is for tests. Endpoint: `POST /ws`; the consumer names itself in the header `X-Consumer`.
    """
    known = Known(world, day, date_of, acts)
    exchange = Exchange(known, Mailbox(state), state.with_suffix(".spool"), misbehaviour, clock)

    async def endpoint(request: Request) -> Response:
        if misbehaviour.slow_seconds:
            await anyio.sleep(misbehaviour.slow_seconds)
        if misbehaviour.down:
            return PlainTextResponse("Service Unavailable", 503)
        if misbehaviour.html:
            return HTMLResponse("<!DOCTYPE html><html><body><h1>Технические работы</h1></body></html>")
        body = await _body(request)
        if body is None:
            return PlainTextResponse("Content Too Large", 413)
        return await run_in_threadpool(_answer, exchange, request, body)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        known.close()
        exchange.mailbox.close()

    application = Starlette(routes=[Route("/ws", endpoint, methods=["POST"])], lifespan=lifespan)
    application.state.exchange = exchange
    return application


async def _body(request: Request) -> bytes | None:
    """None when it is larger than allowed."""
    gathered = bytearray()
    async for chunk in request.stream():
        gathered += chunk
        if len(gathered) > BODY_SIZE:
            return None
    return bytes(gathered)


def _answer(exchange: Exchange, request: Request, body: bytes) -> Response:
    try:
        call = calls.read(request.headers.get("content-type", "text/xml"), request.headers.get("soapaction"), body)
        return _response(exchange.handle(request.headers.get("x-consumer", "").strip(), call))
    except Fault as fault:
        boundary = f"smev-{fresh()}"
        return Response(mime.assemble(boundary, faults.render(fault)), 500, {"content-type": mime.content_type(boundary)})


def _response(reply: Reply) -> Response:
    headers = {"content-type": mime.content_type(reply.boundary)}
    if isinstance(reply.attachment, Path):
        head, tail = mime.head(reply.boundary, reply.envelope), mime.tail(reply.boundary)
        middle = mime.attachment_head(reply.boundary, reply.content_id or "", ARCHIVE)
        headers["content-length"] = str(len(head) + len(middle) + reply.attachment.stat().st_size + len(tail))
        return StreamingResponse(_stream(head + middle, reply.attachment, tail), headers=headers)
    attachments = () if reply.attachment is None else ((reply.content_id or "", ARCHIVE, reply.attachment),)
    return Response(mime.assemble(reply.boundary, reply.envelope, attachments), headers=headers)


def _stream(head: bytes, path: Path, tail: bytes) -> Iterator[bytes]:
    yield head
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
    yield tail
