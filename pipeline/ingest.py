"""The day of one source: whom to ask, receive and stage, judge, load. Every step may be repeated; nothing is counted twice."""

from __future__ import annotations

import importlib
import json
import logging
import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

from connectors.landing import Delivery, Landing
from connectors.sources import BY_NAME, Source
from connectors.target import Target
from pipeline import deadlines, feedback, leftovers
from pipeline.asked import covered
from pipeline.measure import measured
from pipeline.settings import ROOT, Settings, settings
from schemas.errors import ConfigurationError, ContractBroken, GateFailed, KontingentError
from transforms.stage import stage
from warehouse import day, ledger, load, questions

log = logging.getLogger(__name__)

DEFECTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a reader that did not foresee some bytes raises: the delivery is held for an engineer, the other senders go on."""
READINGS = 2
"""Readings that began and never ended: after so many the bytes are taken to be what kills the process."""
LOOK_BACK = timedelta(days=14)
"""Teachers correct marks for about two weeks: so far back each load asks again."""


def targets(source_name: str) -> list[str]:
    """Organisations to ask, by ОГРН; one empty name when the source is asked as a whole."""
    source = BY_NAME[source_name]
    return day.organisations(source.per_organisation) if source.per_organisation else [""]


def receive(source_name: str, organisation_key: str | None = None) -> dict[str, int]:
    """Fetch what the sender has into landing, enter it into the ledger, lay it out as staging rows."""
    source, local = BY_NAME[source_name], settings()
    landing = Landing(local.landing)
    leftovers.sweep(local.landing / source_name / "scratch", local.staging / source_name)
    with measured("receive", source_name) as work:
        target = _target(source, organisation_key, local)
        try:
            _connector(source_name).fetch(source, target, landing)
        finally:  # what came before a sender fell silent is ours already
            new = register(source_name)
            work.deliveries += [delivery.delivery_id for delivery in new]
            work.records = lay_out_all(new)
            if target.questions:
                questions.mark_asked(source_name, target.questions, target.as_of, covered(landing, source_name))
                target.questions.unlink(missing_ok=True)
    return {"records": work.records}


def register(source_name: str) -> list[Delivery]:
    """Enter every landed delivery into the ledger, before it is read; returns those that are new and must be."""
    landing = Landing(settings().landing)
    landed = landing.pending(source_name)
    new = set(ledger.register(landed))
    for delivery in landed:
        landing.settle(delivery)
    return [delivery for delivery in landed if delivery.delivery_id in new]


def lay_out(delivery: Delivery) -> int:
    """Read and clean one delivery into `staging/<source>/<delivery>`; a broken contract holds it whole. Returns rows received."""
    local = settings()
    if ledger.begin_reading(delivery.delivery_id) > READINGS:
        return _held(delivery.source, delivery.delivery_id, ContractBroken("reading.crashed", f"{READINGS} readings began and none came to its end"))
    folder = local.staging / delivery.source / delivery.delivery_id
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix="draft-"))
    try:
        with Landing(local.landing).open(delivery) as stream:
            staged = stage(delivery.source, _connector(delivery.source).read(delivery, stream), draft)
        shutil.rmtree(folder, ignore_errors=True)
        draft.replace(folder)
    except ContractBroken as broken:
        return _held(delivery.source, delivery.delivery_id, broken)
    except DEFECTS as error:
        return _held(delivery.source, delivery.delivery_id, ContractBroken("reading.defect", f"{type(error).__name__} in {_place(error)}"))
    except (OSError, KontingentError, KeyboardInterrupt):
        ledger.end_reading(delivery.delivery_id)
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    ledger.staged(delivery.delivery_id)
    return sum(count.received for count in staged.counts.values())


def lay_out_all(deliveries: Sequence[Delivery]) -> int:
    """Lay out one after another; what holds one back does not hold back the others. Returns rows received."""
    return sum(lay_out(delivery) for delivery in deliveries)


def gate(source_name: str) -> dict[str, int]:
    """The door and record gates over all that is staged; deliveries that fail are held, the others may load."""
    from pipeline import gate_deliveries

    lay_out_all([Delivery(**row) for row in day.unread(source_name)])
    lay_out_all(_unstaged(source_name))
    with measured("gate", source_name) as work:
        held, work.records = gate_deliveries.judge(BY_NAME[source_name], settings().staging / source_name)
    return {"records": work.records, "held": held}


def load_staged(source_name: str) -> dict[str, int]:
    """Load every delivery that passed its gates, in order of receipt, each in one transaction; what fails does not stop the others.

    KontingentError `load.failed` at the end when any failed: those stay pending.
    """
    if _unstaged(source_name):
        gate(source_name)
    total: Counter[str] = Counter()
    failed: list[str] = []
    with measured("load", source_name) as work:
        for delivery_id in day.passed(source_name):
            try:
                counts = _accepted(source_name, delivery_id)
            except KontingentError as error:
                ledger.fail(delivery_id, error.code, error.message)
                failed.append(error.code)
                continue
            work.deliveries += [delivery_id] if counts else []
            total.update(counts)
        work.records, work.written = total["received"], total["loaded"]
        leftovers.forget_loaded(settings().staging / source_name)
    feedback.write(source_name)
    if failed:
        raise KontingentError("load.failed", f"{len(failed)} deliveries of {source_name} did not load ({', '.join(sorted(set(failed)))}); the others did")
    return dict(total)


def _accepted(source_name: str, delivery_id: str) -> dict[str, int]:
    """The ledger's counts of one delivery that loads; none when it breaks its contract, and is held."""
    folder = settings().staging / source_name / delivery_id
    try:
        counts = load.accept(delivery_id, folder)
    except ContractBroken as broken:
        _held(source_name, delivery_id, broken)
        return {}
    shutil.rmtree(folder, ignore_errors=True)
    return {name: count for name, count in counts.items() if isinstance(count, int) and name != "version"}


def verdict(source_name: str) -> None:
    """GateFailed when a delivery of today is held: the run shows red, what loaded stays; else the day of this source is settled."""
    held = day.held(source_name, settings().today)
    if held:
        codes = ", ".join(sorted({code for _, code in held}))
        raise GateFailed("delivery.held", f"{len(held)} deliveries of {source_name} are held ({codes}); see quality.delivery")
    day.note_step(deadlines.SETTLED, source_name, settings().today)


def _unstaged(source_name: str) -> list[Delivery]:
    """Deliveries that were laid out and whose staging folder is gone: landing has the bytes, they are laid out again."""
    waiting = [*(delivery_id for delivery_id, _ in day.to_judge(source_name)), *day.passed(source_name)]
    gone = [ledger.delivery(one) for one in waiting if not (settings().staging / source_name / one / "counts.json").exists()]
    return [Delivery(**{field.name: row[field.name] if field.name == "size_bytes" else str(row[field.name]) for field in fields(Delivery)}) for row in gone]  # type: ignore[arg-type]


def _held(source_name: str, delivery_id: str, broken: ContractBroken) -> int:
    ledger.hold(delivery_id, broken.code, broken.message)
    log.warning("%s: delivery %s held: %s", source_name, delivery_id, broken.code)
    return 0


def _place(error: BaseException) -> str:
    """Where in our code it broke: the innermost frame of ours, without any value."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [one for one in frames if Path(one.filename).is_relative_to(ROOT) and ".venv" not in one.filename] or frames
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}"


def _connector(source_name: str) -> ModuleType:
    return importlib.import_module(f"connectors.{source_name}")


def _target(source: Source, organisation_key: str | None, local: Settings) -> Target:
    organisation = day.organisation(organisation_key) if organisation_key else None
    login, password = _credentials(local, organisation_key)
    return Target(endpoint=_endpoint(source, organisation, local), as_of=local.today, organisation_key=organisation_key,
                  local_id=organisation.local_id if organisation else None, login=login, password=password,
                  questions=_questions(source, local), drop=Path(local.endpoints["drop"]), since=_since(source, organisation_key, local.today))


def _endpoint(source: Source, organisation: day.Organisation | None, local: Settings) -> str:
    if source.wire == "smev":
        return str(local.endpoints["smev"])
    if source.wire == "file" or organisation is None:
        return str(local.endpoints["drop"])
    if not organisation.journal_url:
        raise ConfigurationError("register.no_journal_url", f"organisation {organisation.organisation_key} has no journal address in the register")
    return organisation.journal_url


def _credentials(local: Settings, organisation_key: str | None) -> tuple[str | None, str | None]:
    path = local.endpoints.get("credentials")
    if organisation_key is None or path is None or not Path(path).exists():
        return None, None
    entry = json.loads(Path(path).read_text("utf-8")).get(organisation_key, {})
    return entry.get("login"), entry.get("password")


def _questions(source: Source, local: Settings) -> Path | None:
    if not source.asks:
        return None
    path = local.questions / f"{source.name}-{local.today}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    questions.write(source.name, path, local.today)
    return path


def _since(source: Source, organisation_key: str | None, today: date) -> date:
    """The start of the school year for a first load, else two weeks before the last one."""
    start = date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    last = day.last_as_of(source.name, organisation_key or source.name)
    return max(start, last - LOOK_BACK) if last else start
