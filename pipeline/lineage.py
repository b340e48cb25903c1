"""OpenLineage events of each step, to a file or an URL; an event that cannot be written never fails or slows the step."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx

from pipeline.lineage_sets import NAMESPACE, PRODUCER, facet, of_step
from pipeline.settings import settings
from schemas.errors import KontingentError

log = logging.getLogger(__name__)

VARIABLE = "KONTINGENT_LINEAGE"
"""`off`, `file:///folder`, `http(s)://…`; `lineage` in KONTINGENT_VAR when unset."""
SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
PATIENCE = 2.0
"""Seconds for an URL; after one failure the process does not ask it again."""
BYTES = 64 << 20
"""Of one file at most; then the day begins another."""
DAYS = 30
"""Files that are kept."""
_FAILURES = (OSError, ValueError, LookupError, TypeError, KontingentError, httpx.HTTPError, httpx.InvalidURL)
_silenced: set[str] = set()


@dataclass
class Run:
    """One run of one step, between its two events."""

    step: str
    source: str
    run_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def start(self) -> None:
        """The START event."""
        self._tell("START", [], 0)

    def complete(self, deliveries: list[str], written: int) -> None:
        """The COMPLETE event; `deliveries` are those the step received or loaded."""
        self._tell("COMPLETE", deliveries, written)

    def fail(self, error: BaseException, deliveries: list[str]) -> None:
        """The FAIL event: of the error only its kind and code, for messages of others may quote data."""
        code = f" {error.code}" if isinstance(error, KontingentError) else ""
        self._tell("FAIL", deliveries, 0, {"errorMessage": facet("ErrorMessageRunFacet", "1-0-0", programmingLanguage="python",
                                                                 message=f"{type(error).__name__}{code}")})

    def _tell(self, kind: str, deliveries: list[str], written: int, facets: dict[str, Any] | None = None) -> None:
        target = os.environ.get(VARIABLE, "")
        if target == "off" or target in _silenced:
            return
        try:
            inputs, outputs = of_step(self.step, self.source, deliveries, written, None if kind == "START" else self.began)
            event = {"eventType": kind, "eventTime": datetime.now(UTC).isoformat(), "producer": PRODUCER, "schemaURL": SCHEMA,
                     "run": {"runId": self.run_id, "facets": _parent() | (facets or {})},
                     "job": {"namespace": NAMESPACE, "name": f"{self.step.replace(' ', '_')}{f'.{self.source}' if self.source else ''}", "facets": {}},
                     "inputs": inputs, "outputs": outputs}
            _send(target, event)
        except _FAILURES as error:
            _silenced.add(target)
            log.warning("lineage events are not written any more: %s", type(error).__name__)


def _parent() -> dict[str, Any]:
    """The DAG run this task belongs to, where Airflow names one."""
    run, dag = os.environ.get("AIRFLOW_CTX_DAG_RUN_ID"), os.environ.get("AIRFLOW_CTX_DAG_ID", "dag")
    if not run:
        return {}
    return {"parent": facet("ParentRunFacet", "1-0-1", run={"runId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{dag}/{run}"))},
                            job={"namespace": NAMESPACE, "name": dag})}


def _send(target: str, event: dict[str, Any]) -> None:
    parts = urlsplit(target)
    if parts.scheme in ("http", "https"):
        httpx.post(target, json=event, timeout=PATIENCE, trust_env=False).raise_for_status()
    elif not target or parts.scheme == "file":
        _append(Path(unquote(parts.path)) if target else settings().var / "lineage", json.dumps(event, ensure_ascii=False) + "\n")
    else:
        raise ValueError(f"{VARIABLE} is off, file:///folder or http(s)://…")


def _append(folder: Path, line: str) -> None:
    """One line; writers take turns, and the oldest days go."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = folder / f"events-{datetime.now(UTC):%Y-%m-%d}.ndjson"
        if path.exists() and path.stat().st_size > BYTES:
            path.replace(folder / f"events-{datetime.now(UTC):%Y-%m-%dT%H%M%S%f}.ndjson")
        is_new = not path.exists()
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
        if is_new:
            for old in sorted(folder.glob("events-*.ndjson"))[:-DAYS]:
                with suppress(FileNotFoundError):
                    old.unlink()
