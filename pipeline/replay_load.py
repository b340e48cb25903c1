"""Lays out, judges and loads the second life of refused records; what cannot be read or judged changes nothing."""

from __future__ import annotations

import importlib
import logging
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from connectors.landing import Delivery, Landing
from pipeline.ingest import DEFECTS
from pipeline.measure import measured
from pipeline.replay_rows import stage_standing
from pipeline.settings import settings
from schemas.errors import ContractBroken, GateFailed
from schemas.expectations import record_suite
from schemas.tables import STAGING
from warehouse import day, load
from warehouse import replay as lives
from warehouse.ledger_events import Decision
from warehouse.replay import Wanted

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 500_000
Asked = tuple[Delivery, Wanted]


@dataclass(frozen=True, kw_only=True)
class Life:
    """Records of one delivery, laid out in `folder`; they enter the ledger as `replay_id` when they are loaded."""

    replay_id: str
    original: Delivery
    folder: Path


def run(asked: list[Asked], decision: Decision) -> Counter[str]:
    """Lay all of it out before the first is loaded, then load, in order of receipt; returns the ledger's counts."""
    total: Counter[str] = Counter()
    with measured("replay") as work, ExitStack() as folders:
        ready = [life for delivery, wanted in asked if (life := _lay_out(delivery, wanted, folders.enter_context(_draft(delivery.source))))]
        for life in ready:
            _judge(life)
        for life in ready:
            counts = load.accept(life.replay_id, life.folder, decision=decision, replay_of=life.original.delivery_id)
            total.update({name: int(counts[name]) for name in ("received", "loaded", "unchanged", "superseded", "refused")} | {"deliveries": 1})
            log.info("%s: %d records of delivery %s replayed", life.original.source, counts["received"], life.original.delivery_id)
        work.records, work.written = total["received"], total["loaded"]
    return total


def _lay_out(delivery: Delivery, wanted: Wanted, folder: Path) -> Life | None:
    """None when no record can be taken up."""
    standing = lives.standing(delivery.delivery_id, wanted)
    connector = importlib.import_module(f"connectors.{delivery.source}")
    try:
        with Landing(settings().landing).open(delivery) as stream:
            count = stage_standing(delivery.source, connector.read(delivery, stream), standing, folder, partial(lives.known_persons, delivery.source))
    except DEFECTS as error:
        raise ContractBroken("reading.defect", f"{type(error).__name__} while {delivery.delivery_id} was read again") from None
    return Life(replay_id=str(uuid.uuid4()), original=delivery, folder=folder) if count else None


def _judge(life: Life) -> None:
    """The record gate over what is about to be loaded; GateFailed names the rule."""
    from pipeline import gates

    for entity in STAGING:
        path = life.folder / f"{entity}.parquet"
        for part in pq.ParquetFile(path).iter_batches(ROWS_AT_ONCE) if path.exists() else ():
            results = gates.records(f"{life.original.source}/{entity}", part.to_pandas(date_as_object=False), record_suite(entity))
            day.store_results([replace(result, source=life.original.source, entity=entity, as_of=settings().today,
                                       delivery_id=life.original.delivery_id) for result in results])
            if broken := gates.failed(results):
                raise GateFailed(broken[0].rule, f"records of {life.original.delivery_id} break the rule when they are replayed; nothing was loaded")


@contextmanager
def _draft(source: str) -> Iterator[Path]:
    """A folder that is gone afterwards; one that a killed process leaves is swept after a day."""
    parent = settings().staging / source
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix="draft-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
