"""All mocks as one ASGI application: each product under its own path, behind its own faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from connectors.mocks.faults import Faulty, Shares, Switches
from connectors.mocks.journals.bars import Bars
from connectors.mocks.journals.eljur import Eljur
from connectors.mocks.journals.netschool import NetSchool
from connectors.mocks.journals.sessions import Sessions
from connectors.mocks.journals.wire import answer
from connectors.mocks.journals.world import World
from connectors.mocks.scos import Scos

DEFAULT_SHARES = Shares()


def application(world: World, *, seed: int = 0, shares: Shares = DEFAULT_SHARES, smev: ASGIApp | None = None,
                sessions: Mapping[str, Sessions] | None = None) -> Starlette:
    """The application of one world on its day; `sessions` by product replaces the default lives of tokens."""
    lives = {product: Sessions() for product in ("netschool", "eljur", "bars")} | dict(sessions or {})
    switches = Switches()
    products: dict[str, tuple[str, Sequence[BaseRoute]]] = {
        "netschool": ("/netschool/webapi", NetSchool(world, lives["netschool"]).routes()),
        "eljur": ("/eljur", Eljur(world, lives["eljur"]).routes()),
        "bars": ("/bars/api", Bars(world, lives["bars"]).routes()),
        "scos": ("/vam/api", Scos(world).routes()),
    }
    mounts = [Mount(path, Faulty(Starlette(routes=routes), product=product, seed=seed, shares=shares, switches=switches))
              for product, (path, routes) in products.items()]
    if smev is not None:  # the exchange has faults of its own
        mounts.append(Mount("/smev", Faulty(smev, product="smev", seed=seed, shares=Shares(error=0, page=0, slow=0, expired=0), switches=switches)))
    return Starlette(routes=[*_control(world, switches), *mounts])


def _control(world: World, switches: Switches) -> list[Route]:
    """What tests and the operator of the mocks may ask; no source has these addresses."""
    async def day(request: Request) -> Response:
        return answer({"day": world.day, "date": world.today.isoformat(), "off": sorted(switches.off)})

    async def turn_off(request: Request) -> Response:
        switches.off.add(request.path_params["product"])
        return await day(request)

    async def turn_on(request: Request) -> Response:
        switches.off.discard(request.path_params["product"])
        return await day(request)

    return [Route("/_mock/day", day), Route("/_mock/off/{product}", turn_off, methods=["POST"]), Route("/_mock/on/{product}", turn_on, methods=["POST"])]
