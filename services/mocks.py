"""The mock departments as a process beside the pipeline, and the endpoints file that leads to them."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from schemas.errors import ConfigurationError
from services import secrets
from services.processes import Processes, free_port

SCALES = {"district": (6_000, "81624000"), "republic": (250_000, None)}
"""Children and home municipality: the default district is Кабанский; the republic lives in all 23."""


def scale(told: str) -> tuple[int, str | None]:
    """`district`, `republic` or a number of children; up to 20,000 live in one district."""
    if told in SCALES:
        return SCALES[told]
    try:
        children = int(told)
    except ValueError:
        children = 0
    if not 200 <= children <= 5_000_000:
        raise ConfigurationError("scale.unknown", "SCALE must be district, republic or a number of children from 200 to 5,000,000")
    return children, SCALES["district"][1] if children <= 20_000 else None


def start(processes: Processes, var: Path, *, children: int, home: str | None, seed: int, day: int, say: Callable[[str], None],
          registries: bool = False, faults: str | None = None) -> str:
    """Start the server; returns its URL and writes `var/endpoints.json`.

    It makes the region when there is none; `registries`: schools leave no files; `faults`: a bad day.
    """
    folder = var / "mocks"
    command = [sys.executable, "-m", "connectors.mocks.server", "--world", str(folder / "world"), "--drop", str(folder / "drop"),
               "--state", str(folder / "state"), "--port", str(_port(var)), "--day", str(day), "--seed", str(seed), "--children", str(children)]
    command += ["--home", home] if home else []
    command += ["--registries"] if registries else []
    command += ["--faults", faults] if faults else []
    root = Path(__file__).resolve().parent.parent
    child = processes.start("mocks", command, os.environ | {"PYTHONPATH": str(root), "PYTHONPYCACHEPREFIX": str(var / "pycache")}, pipe=True)
    assert child.stdout is not None  # noqa: S101 - it was asked for
    for line in child.stdout:
        if line.startswith(b"{"):
            url = str(json.loads(line)["url"])
            threading.Thread(target=child.stdout.read, daemon=True).start()
            _endpoints(var, folder, url)
            return url
        say(line.decode("utf-8", "replace").rstrip())
    raise ConfigurationError("mocks.died", f"the mock departments did not start; see {processes.logs / 'mocks.log'}")


def _port(var: Path) -> int:
    """The port of last time when it is free: an address that moves would be a change of every organisation in the register."""
    kept = var / "mocks" / "port"
    port = free_port(int(kept.read_text("utf-8")) if kept.exists() else 0)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(str(port), "utf-8")
    return port


def _endpoints(var: Path, folder: Path, url: str) -> None:
    secrets.write(var / "endpoints.json", json.dumps({
        "smev": f"{url}/smev", "scos": f"{url}/vam/api/v2", "drop": str(folder / "drop"),
        "credentials": str(folder / "drop" / "credentials.json"), "known_persons": str(folder / "world" / "truth.parquet")}, indent=1))
