"""A delivery that is asked for answer by answer: keeps what came in one tar, and what was asked for beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

import orjson

from connectors.landing import Conversation, Landing
from connectors.sources import Source
from connectors.target import Target
from schemas.errors import ConfigurationError, ContractBroken

SCOPE = "question-scope.json"


@dataclass(frozen=True)
class Scope:
    """What one conversation asked for: an organisation, the days of the marks (ISO, both included), the school year's first year."""

    organisation_key: str
    date_from: str
    date_to: str
    school_year: int


def school_year(day: date) -> int:
    """The year in which the school year of this day began; August belongs to the year that ends."""
    return day.year if day.month >= 9 else day.year - 1


def scope_of(target: Target) -> Scope:
    """From `target.since` (the first of September when unset) to `target.as_of`."""
    if target.organisation_key is None:
        raise ConfigurationError("target.no_organisation", "a journal is asked for one organisation")
    year = school_year(target.as_of)
    since = target.since or date(year, 9, 1)
    return Scope(target.organisation_key, since.isoformat(), target.as_of.isoformat(), year)


def converse(source: Source, target: Target, landing: Landing, ask: Callable[[Conversation], None]) -> list[str]:
    """Land one conversation that `ask` fills; returns its delivery id. Nothing lands if `ask` raises."""
    scope = scope_of(target)
    with landing.receive(source.name, origin=scope.organisation_key, media="tar", received_at=arrival(), as_of=target.as_of.isoformat()) as inbox:
        conversation = Conversation(inbox)
        conversation.add(SCOPE, orjson.dumps(asdict(scope)))
        ask(conversation)
        conversation.close()
    if inbox.delivery is None:
        raise RuntimeError("the landing closed without a delivery")
    return [inbox.delivery.delivery_id]


def arrival() -> str:
    """The wall clock at the door, ISO 8601 with offset and microseconds; deliveries are ordered by it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def read_scope(body: bytes) -> Scope:
    """The scope as `converse` kept it. ContractBroken `conversation.scope` when it is not that."""
    try:
        scope = Scope(**orjson.loads(body))
        for told in (scope.date_from, scope.date_to):
            date.fromisoformat(told)
    except (TypeError, ValueError):
        raise ContractBroken("conversation.scope", "what was asked is not told as agreed") from None
    return scope
