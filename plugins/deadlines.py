"""What Airflow calls when a source's run is late: a module of its own, because a callback in a DAG file cannot be imported where it runs."""

from __future__ import annotations


def late(source: str) -> None:
    """Note it in the ledger and in one line of the log; the executor runs this, no triggerer is needed."""
    from pipeline.deadlines import missed

    missed(source)
