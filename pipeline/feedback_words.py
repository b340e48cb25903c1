"""How the feedback names things: the result of a session, the message of a rule."""

from __future__ import annotations

import re

from schemas.feedback import Hold, hold
from schemas.rules import RULES
from schemas.tables import STAGING
from warehouse.feedback import Record, Session

RESULTS = {"success": "Успешно", "errors": "С ошибками", "failure": "Не принята"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def result(session: Session) -> str:
    """success, errors (some records stand refused) or failure (held whole)."""
    return "failure" if session.state == "held" else "errors" if session.standing else "success"


def held(session: Session) -> Hold | None:
    """Why the delivery is held; None when it is not."""
    return hold(str(session.held_code)) if session.state == "held" else None


def meaning(rule: str) -> tuple[str, str]:
    """(message, advice) of a rule, in Russian; one that is no more is named by its code."""
    known = RULES.get(rule)
    return (known.title, known.advice) if known else (f"Правило {rule}", "Обратиться к оператору.")


def message(record: Record) -> tuple[str, str]:
    """(message, advice) about one record: of one that was loaded without a value, that it was."""
    said, advice = meaning(record.rule)
    return (f"{said}; запись принята без этого значения", advice) if record.is_left_out else (said, advice)


def title(entity: str) -> str:
    return STAGING[entity].title if entity in STAGING else entity


def plain(sent: str) -> str:
    """A key or place as sent, without signs that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", sent)
