"""Airflow's processes and its REST API, driven by one run."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from schemas.errors import ConfigurationError
from services import secrets
from services.processes import Processes, free_port

COMPONENTS = ("api-server", "scheduler", "dag-processor")
POOLS = {"sources": 4, "warehouse": 2}
"""Slots: senders are asked four at a time; the warehouse writes one version at a time, another may prepare."""
BOOT_SECONDS = 180


def environment(root: Path, var: Path, *, today: str, port: int, log_ports: tuple[int, int]) -> dict[str, str]:
    """The environment of every Airflow process: `airflow.cfg` of the root, with the ports that are free today."""
    url = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW_", "PYTHONDONTWRITEBYTECODE"))}
    return kept | {
        "AIRFLOW_HOME": str(root), "PYTHONPATH": str(root), "PYTHONPYCACHEPREFIX": str(var / "pycache"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "KONTINGENT_VAR": str(var), "KONTINGENT_TODAY": today, "KONTINGENT_SCHEDULES": "manual",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__API__PORT": str(port), "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(log_ports[0]), "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(log_ports[1]),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(var / "secrets" / "airflow_passwords.json"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD": f"cat '{var / 'secrets' / 'airflow.dsn'}'",
        "AIRFLOW__CORE__FERNET_KEY_CMD": f"cat '{var / 'secrets' / 'fernet.key'}'",
        "AIRFLOW__API__SECRET_KEY_CMD": f"cat '{var / 'secrets' / 'api.key'}'",
        "AIRFLOW__API_AUTH__JWT_SECRET_CMD": f"cat '{var / 'secrets' / 'jwt.key'}'",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(var / "logs"),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(var / "logs" / "dag_processor"),
        "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_STORAGE_PATH": str(var / "bundles"),
        "GX_ANALYTICS_ENABLED": "false", "NO_PROXY": "*", "no_proxy": "*",
    }


class Airflow:
    """One installation's Airflow: boot, trigger, watch. Only children of `processes` are ever signalled."""

    def __init__(self, processes: Processes, env: dict[str, str], var: Path) -> None:
        self.processes, self.env, self.var = processes, env, var
        self.url = env["AIRFLOW__API__BASE_URL"]
        self._client = httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def boot(self, dag_ids: set[str]) -> None:
        """Start the components; return when the scheduler is healthy and every DAG is parsed."""
        executable = str(Path(sys.executable).parent / "airflow")
        for component in COMPONENTS:
            self.processes.start(component, [executable, component], self.env)
        self._wait(lambda: self._client.get("/api/v2/monitor/health").json()["scheduler"]["status"] == "healthy", "the scheduler")
        login = {"username": "engineer", "password": secrets.password(self.var / "secrets", "engineer")}
        token = self._client.post("/auth/token", json=login).json()["access_token"]
        self._client.headers["Authorization"] = f"Bearer {token}"
        self._pools()
        self._wait(lambda: {dag["dag_id"] for dag in self.get("dags", limit=100)["dags"]} >= dag_ids, "the DAG files")

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        answer = self._client.get(f"/api/v2/{path}", params=query)
        answer.raise_for_status()
        return dict(answer.json())

    def trigger(self, dag_id: str) -> None:
        self._client.post(f"/api/v2/dags/{dag_id}/dagRuns", json={"logical_date": None}).raise_for_status()

    def runs(self, since: str) -> list[dict[str, Any]]:
        """All DAG runs that began since then (ISO 8601, UTC)."""
        return list(self.get("dags/~/dagRuns", run_after_gte=since, limit=100, order_by="run_after")["dag_runs"])

    def failed_tasks(self, dag_id: str, run_id: str) -> list[str]:
        """Names of the tasks that failed by themselves in one run."""
        found = self.get(f"dags/{dag_id}/dagRuns/{run_id}/taskInstances", limit=200)["task_instances"]
        return [f"{task['task_id']}[{task['map_index']}]" if task["map_index"] >= 0 else task["task_id"]
                for task in found if task["state"] == "failed"]

    def _pools(self) -> None:
        for name, slots in POOLS.items():
            answer = self._client.post("/api/v2/pools", json={"name": name, "slots": slots, "include_deferred": False})
            if answer.status_code not in (200, 201, 409):
                answer.raise_for_status()

    def _wait(self, ready: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < end:
            self.processes.check()
            try:
                if ready():
                    return
            except (httpx.HTTPError, KeyError, json.JSONDecodeError):
                pass
            time.sleep(0.25)
        raise ConfigurationError("airflow.boot", f"{what} not ready after {BOOT_SECONDS} s; see {self.processes.logs}")


def ports(preferred: int) -> tuple[int, tuple[int, int]]:
    """The API port (the preferred one when free) and two for the log servers."""
    return free_port(preferred), (free_port(18493), free_port(18494))
