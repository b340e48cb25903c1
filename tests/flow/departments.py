"""The mock departments of a small region over HTTP, in this process, and the folders that lead the pipeline to them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn

from connectors.mocks import region
from connectors.mocks.application import application
from connectors.mocks.bad_day import CAREFUL, SEEN, Demo, acts_with_mistakes
from connectors.mocks.drop import write_drop
from connectors.mocks.faults import CALM
from connectors.mocks.journals.world import World
from connectors.mocks.smev import Misbehaviour, app

DISTRICT = "81624000"
SEED = 5


@dataclass(frozen=True)
class Departments:
    """Where they answer, what they know (`world`) and where their files lie (`drop`)."""

    url: str
    world: Path
    drop: Path

    def point(self, var: Path, **changed: str) -> None:
        """Write the endpoints file of an installation; `changed` replaces endpoints."""
        var.mkdir(parents=True, exist_ok=True)
        (var / "endpoints.json").write_text(json.dumps({
            "smev": f"{self.url}/smev", "scos": f"{self.url}/vam/api/v2", "drop": str(self.drop),
            "credentials": str(self.drop / "credentials.json"), "known_persons": str(self.drop.parent / "world" / "truth.parquet")} | changed), "utf-8")

    def switch(self, product: str, state: str) -> None:
        """`off` or `on`."""
        httpx.post(f"{self.url}/_mock/{state}/{product}", trust_env=False).raise_for_status()


@contextmanager
def departments(folder: Path, children: int, misbehaviour: Misbehaviour | None = None, *, day: int = 0, is_bad: bool = False,
                port: int = 0) -> Iterator[Departments]:
    """A region of that many children on one day; a later day follows those before it in the same folder. On a bad one `bad_day.json` tells what was done."""
    world = folder / "world"
    if day:
        region.advance(world, day)
    else:
        region.build(world, children=children, seed=SEED, home=DISTRICT)
    seen = World(world, day=day, today=region.day_date(day), marks=region.progress_marks, finals=region.final_marks)
    demo = Demo(seen) if is_bad else None
    exchange = app(world, day=lambda: day, misbehaviour=misbehaviour or Misbehaviour(seed=SEED, smev_failure=0), state=folder / "smev.sqlite",
                   acts=acts_with_mistakes(day) if demo else SEEN)
    everything = application(seen, seed=SEED, shares=CALM, smev=exchange, off=demo.off if demo else ())
    server = uvicorn.Server(uvicorn.Config(everything, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    write_drop(seen, folder / "drop", url=url, clerks=demo or CAREFUL)
    if demo:
        demo.write(folder / "bad_day.json")
    try:
        yield Departments(url, world, folder / "drop")
    finally:
        server.should_exit = True
        thread.join(timeout=10)
