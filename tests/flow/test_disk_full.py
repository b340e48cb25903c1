"""A disk that is full (here: a limit on the size of files): one clear line, nothing half-written, the next run heals."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import files, ingest
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import adds_up, deliveries, keys

pytestmark = pytest.mark.flow
ROOT = Path(__file__).resolve().parents[2]
LIMITED = """
import resource, kontingent
from pathlib import Path
from pipeline import files, ingest
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
kontingent.main(lambda: {call})
"""


def limited(limit: int, call: str) -> subprocess.CompletedProcess[str]:
    """A command in a process that may write no file larger than `limit` bytes."""
    return subprocess.run([sys.executable, "-c", LIMITED.format(limit=limit, call=call)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_while_landing_nothing_is_left(warehouse: Warehouse, tmp_path: Path) -> None:
    noise = "".join(hashlib.sha256(bytes([number % 256, number // 256])).hexdigest() for number in range(6_000))
    path = wire.write(tmp_path, "push.xml", f"<!-- {noise} -->{wire.push(wire.act(1), declaration='')}")
    done = limited(1 << 16, f"files.ingest('zags_births', [Path({str(path)!r})])")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1), done.stderr
    assert "File too large" in done.stderr
    assert [one for one in (tmp_path / "landing").rglob("*") if one.is_file()] == []
    assert deliveries(warehouse) == []


def test_while_staging_the_delivery_waits_for_the_next_run(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ingest, "lay_out", lambda delivery: 0)
        path = wire.write(tmp_path, "push.xml", wire.push(*map(wire.act, range(1, 60))))
        files.ingest("zags_births", [path])
    done = limited(1 << 12, "ingest.gate('zags_births')")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1), done.stderr
    assert [state for _, state, _ in deliveries(warehouse)] == ["received"]
    assert list((tmp_path / "staging" / "zags_births").iterdir()) == []
    ingest.gate("zags_births")
    ingest.load_staged("zags_births")
    assert len(keys(warehouse)) == 59
    adds_up()
