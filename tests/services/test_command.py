"""The command line: what is wrong is one clear line and a status that is not 0."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def kontingent(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(ROOT / "kontingent.py"), *arguments], capture_output=True, text=True, timeout=120, check=False,
                          env={**os.environ, "PYTHONPATH": str(ROOT), **env})


@pytest.mark.parametrize(("arguments", "env", "says"), [
    (("status",), {"KONTINGENT_WAREHOUSE_URL": "postgresql://nobody:x@127.0.0.1:1/none"}, "warehouse.unreachable"),
    (("status",), {"KONTINGENT_WAREHOUSE_URL": "not a url"}, "warehouse.url"),
    (("run", "--scale", "tiny"), {}, "scale.unknown"),
])
def test_a_wrong_installation_is_one_line_and_status_2(tmp_path: Path, arguments: tuple[str, ...], env: dict[str, str], says: str) -> None:
    done = kontingent(*arguments, KONTINGENT_VAR=str(tmp_path), **env)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_catalogue_is_listed() -> None:
    assert "zags_births" in kontingent("sources").stdout


def test_no_secret_of_a_url_is_printed(tmp_path: Path) -> None:
    done = kontingent("status", KONTINGENT_VAR=str(tmp_path), KONTINGENT_WAREHOUSE_URL="postgresql://user:hushhush@127.0.0.1:1/none")
    assert "hushhush" not in done.stdout + done.stderr
