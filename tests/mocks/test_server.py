"""The one server: faults, switches, start and end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx
from journal_world import client

from connectors.mocks.faults import Shares

LOGIN_DATA = "/netschool/webapi/logindata"


def statuses(folder: Path, shares: Shares) -> list[int]:
    journal = client(folder, shares=shares)
    return [journal.get(LOGIN_DATA).status_code for _ in range(60)]


def test_faults_are_the_same_in_every_run_with_one_seed(tmp_path: Path) -> None:
    shares = Shares(error=0.2, page=0, slow=0, expired=0)
    first, again = (statuses(tmp_path / name, shares) for name in "ab")
    assert first == again
    assert set(first) == {200, 500}


def test_a_page_of_html_may_come_with_status_200(tmp_path: Path) -> None:
    answer = client(tmp_path, shares=Shares(error=0, page=1, slow=0, expired=0)).get(LOGIN_DATA)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_an_expired_session_is_refused_whatever_its_age(tmp_path: Path) -> None:
    journal = client(tmp_path, shares=Shares(error=0, page=0, slow=0, expired=1))
    journal.post("/bars/api/AuthService/login", data={"login": "user12", "password": "тайна-1"})
    assert journal.get("/bars/api/SchoolService/getSchoolInfo").status_code == 401


def test_a_product_is_switched_off_alone_and_on_again(tmp_path: Path) -> None:
    journal = client(tmp_path)
    journal.post("/_mock/off/netschool")
    assert journal.get(LOGIN_DATA).status_code == 503
    assert journal.get("/vam/api/v2/students").status_code == 403
    journal.post("/_mock/on/netschool")
    assert journal.get(LOGIN_DATA).status_code == 200


def test_the_day_is_told(tmp_path: Path) -> None:
    assert client(tmp_path).get("/_mock/day").json() == {"day": 0, "date": "2025-10-24", "off": []}


def test_the_process_says_where_it_is_and_ends_cleanly(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "connectors.mocks.server", "--children", "300", "--home", "81624000", "--seed", "5", "--calm",
               *(part for name in ("world", "drop", "state") for part in (f"--{name}", str(tmp_path / name)))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=Path(__file__).parents[2]) as process:
        try:
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["url"]
            assert url.startswith("http://127.0.0.1:")
            assert httpx.get(f"{url}/_mock/day", trust_env=False).json()["day"] == 0
            assert (tmp_path / "drop/register.csv").exists()
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
