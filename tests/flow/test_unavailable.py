"""A source that is down, slow, refuses us or answers with a web page: its step says so in one line; the others go on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from connectors import http, smev
from pipeline import files, ingest
from schemas.errors import SourceUnavailable
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import adds_up, deliveries, keys

pytestmark = pytest.mark.flow
SCHOOLS = {"journal_eljur": "1020300000002", "journal_bars": "1020300000003", "vuz_scos": "1020300000005"}
PAGE = "<!DOCTYPE html><html><body>Технические работы</body></html>".encode()
FAULTS = {"500": (500, "application/json", b'{"message": "x"}'), "401": (401, "application/json", b"{}"), "page": (200, "text/html; charset=utf-8", PAGE),
          "slow": (0, "", b"")}


@contextmanager
def faulty(fault: str) -> Iterator[str]:
    """A server with one answer to everything; `slow` answers after the client has gone."""
    status, kind, body = FAULTS[fault]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if not status:
                time.sleep(0.4)
                return
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were asked for, not slept; and patience of a fifth of a second."""
    pauses: list[float] = []
    monkeypatch.setattr(http, "_TIMEOUT", httpx.Timeout(0.2))
    monkeypatch.setattr(smev, "_TIMEOUT", httpx.Timeout(0.2))
    monkeypatch.setattr(time, "sleep", lambda seconds: pauses.append(seconds) if seconds != 0.4 else threading.Event().wait(seconds))
    monkeypatch.setitem(smev.Exchange.__init__.__kwdefaults__ or {}, "pause", pauses.append)
    return pauses


def install(warehouse: Warehouse, url: str) -> None:
    """A register whose journals all answer at `url`, and a file school whose folder is in order."""
    drop = warehouse.folder / "drop"
    register = (wire.DATA / "education_organisations" / "register.csv").read_text("utf-8-sig").replace("http://journal.test", url)
    wire.write(drop / wire.SCHOOL, "pupils.csv", wire.table(wire.HEADER, wire.pupil(1)))
    wire.write(warehouse.folder, "endpoints.json", json.dumps({"smev": f"{url}/smev", "drop": str(drop)}))
    files.ingest("education_organisations", [wire.write(drop, "register.csv", "\ufeff" + register)])


def test_every_fault_of_every_product_is_one_clear_line_within_bounds(warehouse: Warehouse, waited: list[float]) -> None:
    wrong: dict[str, str] = {}
    with faulty("500") as url:
        install(warehouse, url)
    for fault in ("down", *FAULTS):
        with faulty(fault if fault != "down" else "500") as url:
            where = url if fault != "down" else "http://127.0.0.1:9"
            warehouse.execute("UPDATE core.organisation SET journal_url = regexp_replace(journal_url, '^http://[^/]+', :url)", url=where)
            endpoints = json.loads((warehouse.folder / "endpoints.json").read_text("utf-8")) | {"smev": f"{where}/smev"}
            wire.write(warehouse.folder, "endpoints.json", json.dumps(endpoints))
            for source, organisation_key in {**SCHOOLS, "zags_births": None}.items():
                waited.clear()
                try:
                    ingest.receive(source, organisation_key)
                    wrong[f"{source}, {fault}"] = "no error"
                except SourceUnavailable as error:
                    if "\n" in str(error) or sum(waited) > 150:
                        wrong[f"{source}, {fault}"] = f"{sum(waited)} s, {error}"
    assert wrong == {}
    ingest.receive("journal_file", wire.SCHOOL)
    ingest.gate("journal_file")
    ingest.load_staged("journal_file")
    assert keys(warehouse) == [f"{wire.SCHOOL}:1"]
    assert [origin for origin, *_ in deliveries(warehouse)] == ["register.csv", f"{wire.SCHOOL}/pupils.csv"]
    assert [path for path in (warehouse.folder / "landing").rglob("scratch/*")] == []
    adds_up()


def test_a_school_that_dropped_nothing_is_one_clear_line(warehouse: Warehouse) -> None:
    install(warehouse, "http://127.0.0.1:9")
    (Path(warehouse.folder) / "drop" / wire.SCHOOL / "pupils.csv").unlink()
    with pytest.raises(SourceUnavailable, match=r"drop\.empty"):
        ingest.receive("journal_file", wire.SCHOOL)
