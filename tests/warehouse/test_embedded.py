"""The embedded server starts once, keeps its data and password, and heals after a crash."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from schemas.errors import ConfigurationError
from tests.conftest import FAST
from warehouse import embedded, engine

pytestmark = pytest.mark.warehouse


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder every account can reach, removed with the server that serves it."""
    folder = Path(tempfile.mkdtemp(prefix="kontingent-embedded-"))
    folder.chmod(0o711)
    yield folder / "data"
    embedded.stop(folder / "data")
    shutil.rmtree(folder)


def scalar(server: embedded.Server, query: str) -> object:
    made = engine.open_engine(server.dsn)
    with made.connect() as connection:
        answer = connection.execute(text(query)).scalar()
    made.dispose()
    return answer


def test_a_server_is_shared_survives_a_kill_and_stops(data: Path) -> None:
    server = embedded.start(data, settings=FAST)
    assert embedded.start(data) == server == embedded.status(data)
    assert scalar(server, "SELECT upper('ёөүһ')") == "ЁӨҮҺ"
    assert scalar(server, "SHOW log_min_error_statement") == "panic"
    postmaster = psutil.Process(int((data / "postmaster.pid").read_text().split("\n", 1)[0]))
    postmaster.kill()
    postmaster.wait(10)
    assert embedded.start(data, settings=FAST).port == server.port
    assert embedded.stop(data)
    assert embedded.status(data) is None
    assert not embedded.stop(data)


def test_a_stale_pid_of_another_process_does_not_stop_a_start(data: Path) -> None:
    embedded.start(data, settings=FAST)
    embedded.stop(data)
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n0\n1\n\n127.0.0.1\n\nready\n")
    assert embedded.start(data, settings=FAST)


def test_a_password_of_another_installation_is_named_not_tried_further(data: Path) -> None:
    embedded.start(data, settings=FAST)
    kept = data.parent / "secrets" / "postgres"
    password = kept.read_text()
    kept.write_text("other")
    with pytest.raises(ConfigurationError, match="password"):
        embedded.start(data)
    kept.write_text(password)
    assert oct(kept.stat().st_mode)[-3:] == "600"


def test_a_folder_without_programs_is_named(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTINGENT_PG_BIN", str(tmp_path))
    with pytest.raises(ConfigurationError, match="KONTINGENT_PG_BIN"):
        embedded.start(data)
