"""All mocks as one ASGI application: each product under its own path, behind its own faults."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from connectors.mocks.control import control
from connectors.mocks.faults import CALM, Faulty, Shares, Switches
from connectors.mocks.journals.bars import Bars
from connectors.mocks.journals.eljur import Eljur
from connectors.mocks.journals.netschool import NetSchool
from connectors.mocks.journals.sessions import Sessions
from connectors.mocks.journals.world import World
from connectors.mocks.scos import Scos

DEFAULT_SHARES = Shares()


def application(world: World, *, seed: int = 0, shares: Shares = DEFAULT_SHARES, smev: Starlette | None = None,
                sessions: Mapping[str, Sessions] | None = None, moved: Callable[[], object] = lambda: None, off: Iterable[str] = ()) -> Starlette:
    """The application of one world on its day.

    `sessions` by product replaces the default lives of tokens; `moved` is called (in a thread) when the world has moved to another day;
    products in `off` are silent.
    """
    lives = {product: Sessions() for product in ("netschool", "eljur", "bars")} | dict(sessions or {})
    switches = Switches()
    switches.off.update(off)
    products: dict[str, tuple[str, Sequence[BaseRoute]]] = {
        "netschool": ("/netschool/webapi", NetSchool(world, lives["netschool"]).routes()),
        "eljur": ("/eljur", Eljur(world, lives["eljur"]).routes()),
        "bars": ("/bars/api", Bars(world, lives["bars"]).routes()),
        "scos": ("/vam/api", Scos(world).routes()),
    }
    mounts = [Mount(path, Faulty(Starlette(routes=routes), product=product, seed=seed, shares=shares, switches=switches))
              for product, (path, routes) in products.items()]
    if smev is not None:  # the exchange has faults of its own
        mounts.append(Mount("/smev", Faulty(smev, product="smev", seed=seed, shares=CALM, switches=switches)))
    routes = [*control(world, switches, moved), *mounts]
    return Starlette(routes=routes, lifespan=None if smev is None else _life_of(smev))


def _life_of(part: Starlette) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """A mounted application is not told of start and end: the whole tells it."""
    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        async with part.router.lifespan_context(part):
            yield
    return life
