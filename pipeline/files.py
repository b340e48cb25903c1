"""Files from outside, in a source's wire format, through the same landing, gates and load as a fetch."""

from __future__ import annotations

from pathlib import Path

from connectors.landing import Conversation, Landing, Media
from connectors.sources import BY_NAME
from pipeline import ingest as steps
from pipeline.settings import now, settings
from schemas.errors import ConfigurationError
from warehouse import day

MEDIA: dict[str, Media] = {".xml": "xml", ".zip": "zip", ".csv": "csv", ".xlsx": "xlsx", ".tar": "tar", ".json": "json"}


def ingest(source_name: str, paths: list[Path], organisation_key: str | None = None) -> dict[str, int]:
    """Land each file as one delivery (a folder of a school is one conversation), judge and load; returns the counts of these."""
    source = BY_NAME.get(source_name)
    if source is None:
        raise ConfigurationError("source.unknown", f"no source {source_name}; `kontingent sources` lists them")
    if source.per_organisation and organisation_key is None:
        raise ConfigurationError("organisation.missing", f"{source_name} comes from schools: name the sender with --organisation ОГРН")
    landing, local = Landing(settings().landing), settings()
    landed = []
    for path in paths:
        with landing.receive(source_name, origin=organisation_key or path.name, media=_media(path), received_at=now(),
                             as_of=local.today.isoformat()) as inbox:
            if path.is_dir():
                conversation = Conversation(inbox)
                for file in sorted(path.rglob("*")):
                    if file.is_file():
                        conversation.add(file.relative_to(path).as_posix(), file.read_bytes())
                conversation.close()
            else:
                with path.open("rb") as stream:
                    inbox.copy(stream)
        assert inbox.delivery is not None  # noqa: S101 - set when the block ended
        landed.append(inbox.delivery)
    for delivery in steps.register(source_name):
        steps.lay_out(delivery)
    steps.gate(source_name)
    steps.load_staged(source_name)
    return day.counts_of([delivery.delivery_id for delivery in landed])


def _media(path: Path) -> Media:
    if path.is_dir():
        return "tar"
    media = MEDIA.get(path.suffix.lower())
    if media is None:
        raise ConfigurationError("file.kind", f"{path.name}: expected one of {', '.join(sorted(MEDIA))}, or a folder")
    return media
