"""What all DAGs share: retries by kind of error, time limits, deadlines, the assets they meet at."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, DeadlineAlert, DeadlineReference, ExceptionRetryPolicy, RetryRule, SyncCallback
from airflow.sdk.definitions.retry_policy import RetryAction

from connectors.sources import Source, patience

RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(exception="schemas.errors.SourceUnavailable", action=RetryAction.RETRY, retry_delay=timedelta(seconds=20),
                  reason="the sender is silent or slow"),
        RetryRule(exception=["schemas.errors.ContractBroken", "schemas.errors.GateFailed", "schemas.errors.ConfigurationError"],
                  action=RetryAction.FAIL, reason="another try would find the same; a person must look"),
    ],
)
"""A sender's silence heals by waiting; a broken contract does not."""

DEFAULTS: dict[str, Any] = {
    "owner": "kontingent",
    "retries": 2,
    "retry_delay": timedelta(seconds=10),
    "retry_policy": RETRY_POLICY,
    "execution_timeout": timedelta(hours=2),
}

LINKS = Asset("identity.link", uri="x-kontingent://identity.link")
PUBLISHED = Asset("core.published_version", uri="x-kontingent://core.published_version")
MANUAL = os.environ.get("KONTINGENT_SCHEDULES") == "manual"
"""`make run` starts the day itself; elsewhere the catalogue's schedules hold."""


def staging(source_name: str) -> Asset:
    """The asset of one source: its day is settled, loaded or failed alone."""
    return Asset(f"staging.{source_name}", uri=f"x-kontingent://staging.{source_name}")


def deadline(source: Source) -> DeadlineAlert:
    """Tells the ledger when a run is not over in time. The executor runs the callback, so no triggerer is needed."""
    return DeadlineAlert(reference=DeadlineReference.DAGRUN_QUEUED_AT, interval=patience(source),
                         callback=SyncCallback("plugins.deadlines.late", kwargs={"source": source.name}))
