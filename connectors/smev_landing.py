"""Lands one message of the exchange: the SOAP part and its attachments, as received, in one tar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from connectors.landing import Conversation, Landing
from connectors.smev import Message
from connectors.smev_saved import UNREADABLE, names
from connectors.sources import Source
from connectors.target import Target


def land(landing: Landing, source: Source, target: Target, message: Message, origin: str, questions: Mapping[str, Path] | None = None) -> str:
    """Durable when it returns; the delivery's id. `questions` are files of ours, kept as `question-<name>` before the answer.

    A message that is not understood lands whole, under a name by which `read` holds the delivery.
    """
    named = names(len(message.parts)) if message.broken is None else [f"{UNREADABLE}{message.broken}"]
    received = datetime.now(UTC).isoformat(timespec="microseconds")
    with landing.receive(source.name, origin=origin, media="tar", received_at=received, as_of=target.as_of.isoformat()) as inbox:
        conversation = Conversation(inbox)
        for name, path in sorted((questions or {}).items(), key=lambda item: item[0] != "keys.json"):  # the keys are needed first
            conversation.copy(f"question-{name}", path)
        for name, path in zip(named, (part.path for part in message.parts), strict=True):
            conversation.copy(name, path)
        conversation.close()
    if inbox.delivery is None:
        raise RuntimeError("the landing closed without a delivery")
    return inbox.delivery.delivery_id
