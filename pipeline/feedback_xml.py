"""The feedback as XML (`schemas/xsd/feedback/feedback.xsd`), written record by record."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from pipeline.feedback_words import held, message, plain, result, title
from warehouse.feedback import Entity, Ledger, Record, Session

NAMESPACE = "urn:kontingent:feedback:1"
_UTC = ZoneInfo("UTC")


def write(ledger: Ledger, path: Path) -> None:
    """Everything, however many records are bad."""
    with etree.xmlfile(str(path), encoding="utf-8") as file:
        file.write_declaration()
        with file.element(_name("Feedback"), nsmap={None: NAMESPACE}):
            file.write("\n")
            with file.element(_name("Session"), **_session(ledger.session)):
                if why := held(ledger.session):
                    _say(file, "Hold", why.title, why.advice, code=str(ledger.session.held_code))
            with file.element(_name("Entities")):
                for entity in ledger.entities:
                    with file.element(_name("Entity"), **_entity(entity)):
                        pass
            with file.element(_name("Records")):
                for record in ledger.records():
                    _say(file, "Record", *message(record), **_record(record))


def _session(session: Session) -> dict[str, str]:
    return {"delivery": session.delivery_id, "source": session.source, "origin": plain(session.origin), "sha256": session.sha256,
            "received": session.received_at.astimezone(_UTC).isoformat(), "time": session.settled_at.astimezone(_UTC).isoformat(),
            "result": result(session), "repeat": _flag(session.state == "duplicate")}


def _entity(entity: Entity) -> dict[str, str]:
    counts = {"total": entity.total, "invalid": entity.invalid, "processed": entity.total - entity.invalid, "created": entity.created,
              "updated": entity.updated, "replayed": entity.replayed}
    return {"name": entity.entity, "title": title(entity.entity), **{name: str(count) for name, count in counts.items()}}


def _record(record: Record) -> dict[str, str]:
    known = {"id": record.source_key, "place": record.position}
    return {"code": record.rule, "entity": record.entity, "processed": _flag(record.processed)} | {
        name: plain(value) for name, value in known.items() if value is not None}


def _say(file: Any, element: str, message: str, advice: str, **attributes: str) -> None:
    with file.element(_name(element), **attributes):
        for name, words in (("Message", message), ("Advice", advice)):
            with file.element(_name(name)):
                file.write(words)
    file.write("\n")


def _name(element: str) -> str:
    return f"{{{NAMESPACE}}}{element}"


def _flag(value: bool) -> str:
    return "true" if value else "false"
