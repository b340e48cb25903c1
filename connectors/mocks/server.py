"""The one process of all mocks: `python -m connectors.mocks.server --world FOLDER --drop FOLDER --state FOLDER --day N`."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import socket
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from connectors.mocks.application import application
from connectors.mocks.bad_day import CAREFUL, SEEN, Demo, acts_with_mistakes
from connectors.mocks.drop import write_drop
from connectors.mocks.faults import CALM, Shares
from connectors.mocks.journals.world import World, seen_path

log = logging.getLogger("connectors.mocks.server")


def main(arguments: Sequence[str] | None = None) -> None:
    """Prepare the world when asked, write the drop, say where we are, serve until SIGTERM."""
    asked = parse(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    prepare(asked)
    world = open_world(asked.world, asked.day)
    asked.state.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", asked.port), backlog=512) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        demo = Demo(world) if asked.faults else None
        drop = partial(write_drop, world, asked.drop, url=url, schools=not asked.registries, clerks=demo or CAREFUL)
        drop()
        if demo:
            demo.write(asked.drop.parent / "bad_day.json")
        shares = CALM if asked.calm else Shares()
        app = application(world, seed=asked.seed, shares=shares, smev=smev(asked, world), moved=drop, off=demo.off if demo else ())
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises the signal again once it has shut down
        Announcing(app, url).run(sockets=[listener])


class Announcing(uvicorn.Server):
    """Prints one JSON line once the socket is served."""

    def __init__(self, app: ASGIApp, url: str) -> None:
        super().__init__(uvicorn.Config(app, access_log=False, log_config=None, lifespan="auto", timeout_graceful_shutdown=5))
        self.url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(json.dumps({"url": self.url}) + "\n")
        sys.stdout.flush()


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m connectors.mocks.server", description=__doc__)
    parser.add_argument("--world", type=Path, required=True, help="folder of the synthetic region")
    parser.add_argument("--drop", type=Path, required=True, help="folder for the files of schools and the ministry")
    parser.add_argument("--state", type=Path, required=True, help="folder for what the exchange must remember")
    parser.add_argument("--port", type=int, default=0, help="0 = any free port")
    parser.add_argument("--day", type=int, default=0, help="0 = before the first load, n = n-th school day after it")
    parser.add_argument("--seed", type=int, default=2025)
    parser.add_argument("--children", type=int, help="build a region of this many children first, when the folder is empty")
    parser.add_argument("--home", help="ОКТМО of the one municipality to build; the whole republic without it")
    parser.add_argument("--registries", action="store_true", help="schools leave no files: only the registries will be asked")
    parser.add_argument("--faults", choices=("demo",), help="departments make the mistakes of a bad day; what they did is told in bad_day.json beside the drop")
    parser.add_argument("--calm", action="store_true", help="no faults")
    return parser.parse_args(arguments)


def prepare(asked: argparse.Namespace) -> None:
    """Build the region when asked and absent, and live on to the day; a region brought along is left alone."""
    if asked.children is None:
        return
    from connectors.mocks import region

    if not seen_path(asked.world).exists():
        log.info("region: building %d children, seed %d", asked.children, asked.seed)
        region.build(asked.world, children=asked.children, seed=asked.seed, home=asked.home)
    for day in range(1, asked.day + 1):
        region.advance(asked.world, day)
        log.info("region: day %d", day)


def open_world(folder: Path, day: int) -> World:
    """The region with its own marks."""
    from connectors.mocks import region

    return World(folder, day=day, today=region.day_date(day), marks=region.progress_marks, finals=region.final_marks)


def smev(asked: argparse.Namespace, world: World) -> Starlette:
    """The exchange and the departments behind it, on the world's day."""
    from connectors.mocks.smev import Misbehaviour, app

    misbehaviour = Misbehaviour(seed=asked.seed)
    if asked.calm:
        misbehaviour = Misbehaviour(seed=asked.seed, duplicate=0, disorder=0, smev_failure=0, overflow=0)
    acts = acts_with_mistakes(asked.day) if asked.faults else SEEN
    return app(asked.world, day=lambda: world.day, misbehaviour=misbehaviour, state=asked.state / "smev.sqlite", acts=acts)


if __name__ == "__main__":
    main()
