"""Children are always stopped with their grandchildren; one run a folder; ports and scales are checked."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from schemas.errors import ConfigurationError
from services import mocks, secrets
from services.lock import only_one
from services.processes import Processes, free_port

FAMILY = "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); print(p.pid, flush=True); time.sleep(600)"


def test_stop_ends_the_child_and_its_children(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    child = processes.start("family", [sys.executable, "-c", FAMILY], os.environ, pipe=True)
    assert child.stdout is not None
    grandchild = int(child.stdout.readline())
    processes.stop()
    for _ in range(100):
        if not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.05)
    else:
        pytest.fail("the grandchild lives")
    assert child.poll() is not None


def test_a_child_that_died_is_named_with_its_log(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    processes.start("short", [sys.executable, "-c", "raise SystemExit(3)"], os.environ).wait()
    with pytest.raises(ConfigurationError, match=r"short stopped with status 3; see .*short\.log"):
        processes.check()


def test_a_taken_port_gives_way_to_a_free_one() -> None:
    import socket
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert free_port(taken.getsockname()[1]) != taken.getsockname()[1]


def test_two_runs_in_one_folder_are_refused_and_the_lock_is_given_back(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(ConfigurationError, match="another run is at work"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    secrets.ensure(tmp_path / "secrets")
    first = {path.name: path.read_bytes() for path in (tmp_path / "secrets").iterdir()}
    secrets.ensure(tmp_path / "secrets")
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "secrets").iterdir()}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "secrets").iterdir())
    assert secrets.password(tmp_path / "secrets", "engineer") != secrets.password(tmp_path / "secrets", "analyst")


@pytest.mark.parametrize("told", ["small", "-5", "1.5", "99999999999", ""])
def test_a_scale_that_is_none_says_what_is_allowed(told: str) -> None:
    with pytest.raises(ConfigurationError, match="district, republic or a number"):
        mocks.scale(told)


def test_a_district_lives_in_one_municipality_and_the_republic_in_all() -> None:
    assert mocks.scale("district") == (6_000, "81624000")
    assert mocks.scale("republic") == (250_000, None)
    assert mocks.scale("900")[1] == "81624000"
