"""A service is asked again only for what can heal; secrets and answers never reach a message."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.http import Service, each
from schemas.errors import ConfigurationError, ContractBroken, SourceUnavailable

Script = list[tuple[int, bytes, dict[str, str]]]
Serve = Callable[[Script], tuple[str, list[str]]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server that gives the scripted answers one by one, the last for ever; and the paths it was asked."""
    servers: list[ThreadingHTTPServer] = []

    def start(script: Script) -> tuple[str, list[str]]:
        asked: list[str] = []
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with lock:
                    asked.append(self.path)
                    status, body, headers = script.pop(0) if len(script) > 1 else script[0]
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                """Silence."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def service(url: str, **more: object) -> Service:
    return Service(url, backoff=0.001, **more)  # type: ignore[arg-type]


GOOD = (200, b'{"a":1}', {})


@pytest.mark.parametrize("first", [(500, b"", {}), (503, b"", {}), (429, b"", {"Retry-After": "0"}), (200, b"<html>works</html>", {}),
                                   (200, b'{"a":', {}), (200, b'{"a":1}', {"Content-Length": "99"})], ids=str)
def test_what_can_heal_is_asked_again(serve: Serve, first: tuple[int, bytes, dict[str, str]]) -> None:
    url, asked = serve([first, GOOD])
    assert service(url).get("marks") == b'{"a":1}'
    assert len(asked) == 2


@pytest.mark.parametrize(("answer", "error", "code"), [
    ((500, b"", {}), SourceUnavailable, "http.unavailable"), ((200, b"<html></html>", {}), SourceUnavailable, "http.not_json"),
    ((404, b"{}", {}), ContractBroken, "http.status"), ((403, b"{}", {}), ConfigurationError, "http.forbidden"),
    ((401, b"{}", {}), SourceUnavailable, "http.unauthorised"), ((200, b'"' + b"x" * 200 + b'"', {}), ContractBroken, "http.too_large")], ids=str)
def test_what_does_not_heal_has_its_code_and_tells_no_secret(serve: Serve, answer: tuple[int, bytes, dict[str, str]],
                                                            error: type[Exception], code: str) -> None:
    url, _ = serve([answer])
    with pytest.raises(error) as raised:
        service(url, params={"auth_token": "тайна"}, limit=100).get("marks", {"student": "501"})
    assert raised.value.code == code  # type: ignore[attr-defined]
    assert "тайна" not in str(raised.value)
    assert "501" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_an_expired_session_is_renewed_once_and_the_question_asked_again(serve: Serve) -> None:
    url, asked = serve([GOOD, (401, b"{}", {}), GOOD])
    with service(url, open_session=lambda one: one.post("login", {"password": "x"})) as journal:
        assert journal.get("marks") == b'{"a":1}'
    assert asked == ["/login", "/marks", "/login", "/marks"]


def test_a_state_inside_the_answer_counts_as_the_status(serve: Serve) -> None:
    url, asked = serve([(200, json.dumps({"state": 500}).encode(), {}), (200, json.dumps({"state": 200}).encode(), {})])
    service(url, status_of=lambda document: int(document["state"])).get("marks")
    assert len(asked) == 2


def test_a_refused_login_is_said_without_the_password(serve: Serve) -> None:
    url, _ = serve([(409, b"{}", {})])
    with pytest.raises(SourceUnavailable, match=r"http\.login_refused") as refused:
        service(url, open_session=lambda one: one.post("login", {"password": "тайна"})).get("marks")
    assert "тайна" not in str(refused.value)


def test_a_silent_service_is_unavailable() -> None:
    with pytest.raises(SourceUnavailable, match=r"http\.silent"):
        service("http://127.0.0.1:9").get("marks")


def test_answers_come_in_the_order_of_the_questions() -> None:
    assert list(each(lambda number: number * 2, range(200))) == [number * 2 for number in range(200)]
