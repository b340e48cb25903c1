"""What goes wrong on the way to a mock: errors, web pages, slowness, expired sessions, and switches that silence a product."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import anyio
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.mocks.journals.wire import EXPIRE

PAGE = "<!DOCTYPE html><html><head><title>Технические работы</title></head><body><h1>Ведутся технические работы</h1></body></html>"


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Share of requests, 0..1, that meet each fault."""

    error: float = 0.005
    page: float = 0.001
    slow: float = 0.001
    expired: float = 0.001
    slow_seconds: float = 0.5


CALM = Shares(error=0.0, page=0.0, slow=0.0, expired=0.0)


class Switches:
    """Products that are switched off at the moment."""

    def __init__(self) -> None:
        self.off: set[str] = set()


class Faulty:
    """One product behind its faults: the n-th request of a product meets the same fault in every run with the same seed."""

    def __init__(self, app: ASGIApp, *, product: str, seed: int, shares: Shares, switches: Switches) -> None:
        self.app, self.product, self.seed, self.shares, self.switches = app, product, seed, shares, switches
        self._count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.product in self.switches.off:
            await PlainTextResponse("Service Unavailable", 503)(scope, receive, send)
            return
        self._count += 1
        await self._meet(self.fault(self._count), scope, receive, send)

    def fault(self, number: int) -> str:
        """Which fault the n-th request meets: error, page, slow, expired or none."""
        draw = zlib.crc32(f"{self.seed}:{self.product}:{number}".encode()) / 2**32
        for name in ("error", "page", "slow", "expired"):
            draw -= getattr(self.shares, name)
            if draw < 0:
                return name
        return "none"

    async def _meet(self, fault: str, scope: Scope, receive: Receive, send: Send) -> None:
        if fault == "error":
            await JSONResponse({"message": "Internal Server Error"}, 500)(scope, receive, send)
            return
        if fault == "page":
            await HTMLResponse(PAGE)(scope, receive, send)
            return
        if fault == "slow":
            await anyio.sleep(self.shares.slow_seconds)
        scope[EXPIRE] = fault == "expired"
        await self.app(scope, receive, send)
