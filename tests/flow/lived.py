"""One whole day, step by step as the DAGs call them."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from connectors.sources import SOURCES
from tests.conftest import Warehouse
from tests.flow.departments import departments
from warehouse import engine

OURS = ("connectors", "transforms", "warehouse", "pipeline", "schemas")


@dataclass(frozen=True)
class Lived:
    """The warehouse after the day, the region behind it, what was logged meanwhile."""

    warehouse: Warehouse
    world: Path
    log: str = field(repr=False)
    today: str

    @contextmanager
    def environment(self) -> Iterator[None]:
        """The pipeline pointed at this warehouse."""
        with pytest.MonkeyPatch.context() as patch:
            _point(patch, self.warehouse, self.today)
            yield


def live(warehouse: Warehouse, today: str, children: int) -> str:
    """Every source, then link, publish and report; returns what was logged, at DEBUG for our packages."""
    from pipeline import ingest, link, publish, quality_of_links, report

    with pytest.MonkeyPatch.context() as patch, _logged() as lines, departments(warehouse.folder / "mocks", children) as mocks:
        _point(patch, warehouse, today)
        mocks.point(warehouse.folder)
        for source in SOURCES:
            for organisation_key in ingest.targets(source.name):
                ingest.receive(source.name, organisation_key or None)
            ingest.gate(source.name)
            ingest.load_staged(source.name)
            ingest.verdict(source.name)
        link.link()
        quality_of_links.measure()
        publish.publish(publish.gate(), by="test")
        report.build()
    return lines.getvalue()


def _point(patch: pytest.MonkeyPatch, warehouse: Warehouse, today: str) -> None:
    patch.setenv(engine.URL_VARIABLE, warehouse.urls["loader"])
    patch.setenv("KONTINGENT_VAR", str(warehouse.folder))
    patch.setenv("KONTINGENT_TODAY", today)


@contextmanager
def _logged() -> Iterator[io.StringIO]:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root, before = logging.getLogger(), logging.getLogger().level
    mocks = logging.getLogger("connectors.mocks")
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    mocks.setLevel(logging.WARNING)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        for name in OURS:
            logging.getLogger(name).setLevel(logging.NOTSET)
        mocks.setLevel(logging.NOTSET)
