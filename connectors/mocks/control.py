"""What tests and the operator of the mocks may ask of them; no source has these addresses."""

from __future__ import annotations

from collections.abc import Callable

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.mocks.faults import Switches
from connectors.mocks.journals.wire import answer
from connectors.mocks.journals.world import World


def control(world: World, switches: Switches, moved: Callable[[], object]) -> list[Route]:
    """`GET /_mock/day`; `POST /_mock/day/{day}` moves the world there (the region must have lived it); products go `off` and `on`."""
    async def tell(request: Request) -> Response:
        return answer({"day": world.day, "date": world.today.isoformat(), "off": sorted(switches.off)})

    async def move(request: Request) -> Response:
        from connectors.mocks import region

        day = int(request.path_params["day"])
        world.move(day, region.day_date(day))
        await anyio.to_thread.run_sync(moved)
        return await tell(request)

    async def turn_off(request: Request) -> Response:
        switches.off.add(request.path_params["product"])
        return await tell(request)

    async def turn_on(request: Request) -> Response:
        switches.off.discard(request.path_params["product"])
        return await tell(request)

    return [Route("/_mock/day", tell), Route("/_mock/day/{day:int}", move, methods=["POST"]),
            Route("/_mock/off/{product}", turn_off, methods=["POST"]), Route("/_mock/on/{product}", turn_on, methods=["POST"])]
