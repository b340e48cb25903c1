"""One day of the whole pipeline under real Airflow: set up, run to the end, show, stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.sources import SOURCES
from schemas.errors import ConfigurationError, KontingentError
from services import mocks, secrets, summary
from services.airflow import Airflow, environment, ports
from services.lock import only_one
from services.processes import Processes
from services.schedule import school_day

ROOT = Path(__file__).resolve().parent.parent
CHAIN = ("link", "publish", "report")
STALL_SECONDS = 1_800
"""No DAG run moved for so long: something hangs, and the run says so instead of waiting for ever."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the person asked for on the command line."""

    scale: str = "district"
    seed: int = 1
    wait: bool = True
    port: int = 8080
    faults: str | None = None
    """`demo`: the departments make the mistakes of a bad day."""
    say: Callable[[str], None] = lambda line: None


def run(var: Path, wanted: Wanted) -> int:
    """0 only if every DAG run succeeded and every gate passed; else 1. Everything started here is stopped here."""
    began = time.monotonic()

    def say(line: str) -> None:
        wanted.say(f"[{time.monotonic() - began:6.1f} s] {line}")

    children, home = mocks.scale(wanted.scale)
    processes = Processes(var / "logs")
    with only_one(var), _interruptible(), _stopped(processes, var, say):
        day = _day(var, seed=wanted.seed, children=children)
        today = school_day(day)
        say(f"day {day} ({today}), {children:,} children, seed {wanted.seed}")
        secrets.ensure(var / "secrets")
        (var / "logs").mkdir(parents=True, exist_ok=True)
        _databases(var, say)
        port, log_ports = ports(wanted.port)
        env = environment(ROOT, var, today=today.isoformat(), port=port, log_ports=log_ports)
        _migrate_airflow(var, env, say)
        airflow = Airflow(processes, env, var)
        say("starting the mock departments")
        mocks.start(processes, var, children=children, home=home, seed=wanted.seed, day=day, say=say, faults=wanted.faults)
        say("starting Airflow")
        airflow.boot({f"ingest_{source.name}" for source in SOURCES} | set(CHAIN))
        say(f"Airflow is up at {airflow.url}")
        good = _follow(airflow, say)
        is_over = good or wanted.faults is not None  # what a bad day held waits for people, not for the same day again
        _remember(var, day=day, seed=wanted.seed, children=children, finished=is_over)
        os.environ["KONTINGENT_TODAY"] = today.isoformat()
        summary.show(var, good=good, url=airflow.url, say=wanted.say)
        if wanted.wait:
            wanted.say(f"\nThe Airflow UI is at {airflow.url} (user engineer, passwords in {var / 'secrets' / 'airflow_passwords.json'}); Ctrl-C stops it.")
            _sleep_until_interrupted(processes)
    return 0 if good else 1


def _follow(airflow: Airflow, say: Callable[[str], None]) -> bool:
    """Trigger the sources that wait for the clock, then watch until every DAG had its run."""
    since = (datetime.now(UTC) - timedelta(seconds=2)).isoformat()
    for source in SOURCES:
        if not source.after:
            airflow.trigger(f"ingest_{source.name}")
    expected = {f"ingest_{source.name}" for source in SOURCES} | set(CHAIN)
    ended: dict[str, str] = {}
    moved = time.monotonic()
    while expected - ended.keys():
        airflow.processes.check()
        for found in airflow.runs(since):
            dag_id, state = found["dag_id"], found["state"]
            if dag_id in expected and dag_id not in ended and state in ("success", "failed"):
                ended[dag_id], moved = state, time.monotonic()
                failed = "" if state == "success" else f"; failed tasks: {', '.join(airflow.failed_tasks(dag_id, found['dag_run_id'])) or 'none of its own'}"
                say(f"{'ok    ' if state == 'success' else 'FAILED'} {dag_id} ({len(ended)}/{len(expected)}, {found.get('duration') or 0:.1f} s){failed}")
        if broken := next((dag_id for dag_id in CHAIN if ended.get(dag_id) == "failed"), None):
            say(f"the chain stops at {broken}: what comes after it does not run")
            break
        if time.monotonic() - moved > STALL_SECONDS:
            raise ConfigurationError("run.stalled", f"nothing moved for {STALL_SECONDS} s; not ended: {', '.join(sorted(expected - ended.keys()))}")
        time.sleep(0.5)
    return len(ended) == len(expected) and set(ended.values()) == {"success"}


def _databases(var: Path, say: Callable[[str], None]) -> None:
    from services import databases

    say("preparing PostgreSQL and the warehouse")
    databases.up(var)


def _migrate_airflow(var: Path, env: dict[str, str], say: Callable[[str], None]) -> None:
    """Airflow's own tables; skipped when this version already made them on this database."""
    import importlib.metadata

    mark, wanted = var / "airflow.migrated", importlib.metadata.version("apache-airflow") + (var / "secrets" / "airflow.dsn").read_text("utf-8").rpartition("/")[2]
    if mark.exists() and mark.read_text("utf-8") == wanted:
        return
    say("preparing Airflow's database")
    with (var / "logs" / "db-migrate.log").open("ab") as log:
        done = subprocess.run([str(Path(sys.executable).parent / "airflow"), "db", "migrate"], env=env, stdout=log, stderr=log, check=False)  # noqa: S603
    if done.returncode:
        raise ConfigurationError("airflow.migrate", f"Airflow could not prepare its database; see {var / 'logs' / 'db-migrate.log'}")
    mark.write_text(wanted, "utf-8")


def _day(var: Path, *, seed: int, children: int) -> int:
    """The next day after the last finished one; the same day again when it did not finish."""
    path = var / "day.json"
    if not path.exists():
        return 0
    last: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if (last["seed"], last["children"]) != (seed, children):
        raise ConfigurationError("region.other", f"{var} holds a region of {last['children']} children with seed {last['seed']}; "
                                                 "run `make clean` first, or set KONTINGENT_VAR to another folder")
    return int(last["day"]) + (1 if last["finished"] else 0)


def _remember(var: Path, **facts: Any) -> None:
    secrets.write(var / "day.json", json.dumps(facts))


def _sleep_until_interrupted(processes: Processes) -> None:
    try:
        while True:
            processes.check()
            time.sleep(1)
    except KeyboardInterrupt:
        return


@contextmanager
def _interruptible() -> Any:
    """SIGTERM ends a run as Ctrl-C does: everything is stopped."""
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _stopped(processes: Processes, var: Path, say: Callable[[str], None]) -> Any:
    from services import databases

    try:
        yield
    finally:
        say("stopping")
        processes.stop()
        databases.down(var)


def today_of(var: Path) -> date:
    """The business date of the last run in this folder (for the command line)."""
    path = var / "day.json"
    told = os.environ.get("KONTINGENT_TODAY")
    if told or not path.exists():
        return date.fromisoformat(told) if told else datetime.now(UTC).date()
    return school_day(int(json.loads(path.read_text("utf-8"))["day"]))


__all__ = ["KontingentError", "Wanted", "run", "today_of"]
