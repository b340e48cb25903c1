"""Child processes of one run: started in groups of their own, always stopped, never orphaned."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schemas.errors import ConfigurationError

STOP_SECONDS = 15


@dataclass
class Processes:
    """The children started so far; `stop` ends them in reverse order."""

    logs: Path
    children: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str], *, pipe: bool = False) -> subprocess.Popen[bytes]:
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(list(command), env=dict(env), stdout=subprocess.PIPE if pipe else log, stderr=log,  # noqa: S603
                                     stdin=subprocess.DEVNULL, start_new_session=True)
        self.children.append((name, child))
        return child

    def check(self) -> None:
        """ConfigurationError when a child died on its own, with where to read why."""
        for name, child in self.children:
            if child.poll() is not None:
                raise ConfigurationError("process.died", f"{name} stopped with status {child.returncode}; see {self.logs / f'{name}.log'}")

    def stop(self) -> None:
        for _, child in reversed(self.children):
            _signal(child, signal.SIGTERM)
        for _, child in reversed(self.children):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(STOP_SECONDS)
            _signal(child, signal.SIGKILL, always=True)
            child.wait()
        self.children.clear()


def _signal(child: subprocess.Popen[bytes], number: signal.Signals, *, always: bool = False) -> None:
    """Signal the whole group: grandchildren outlive a dead leader."""
    if always or child.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)


def free_port(preferred: int = 0) -> int:
    """The preferred port of 127.0.0.1 if nobody has it, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ConfigurationError("port.none_free", "no free port on 127.0.0.1")
