"""Which questions were answered, as the outbox keeps them."""

from __future__ import annotations

from connectors.landing import Landing
from connectors.smev_outbox import parse


def covered(landing: Landing, source_name: str) -> set[str]:
    """Ids of the questions that were answered lately; one under way is not sent twice by the outbox itself, a refused one is asked again."""
    sent = (landing.root / source_name / "asked").glob("*.answered/keys.json")
    return {key[0] for path in sent for key in parse(path.read_bytes()).keys}
