"""Files from outside, in a source's wire format, through the same landing, gates and load as a fetch."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.conversation import SCOPE, read_scope
from connectors.landing import Conversation, Delivery, Landing, Media
from connectors.smev_saved import is_multipart, names, split
from connectors.sources import BY_NAME, Source
from pipeline import ingest as steps
from pipeline.settings import now, settings
from schemas.errors import ConfigurationError, ContractBroken
from warehouse import day, ledger

MEDIA: dict[str, Media] = {".xml": "xml", ".zip": "zip", ".csv": "csv", ".xlsx": "xlsx", ".tar": "tar"}
ACCEPTED: dict[str, tuple[Media, ...]] = {"smev": ("xml", "zip", "tar"), "http_json": ("tar",), "file": ("csv", "xlsx")}
"""Kinds of file by wire; a saved multipart answer becomes a tar."""
NETSCHOOL = "journal_netschool"
"""Has a file beside its API."""
_NUMBER = re.compile(r"^\d{6}-")
_YEAR = re.compile(r"20\d\d")
_ORGANISATION = re.compile(r"\d{13}")


@dataclass
class Arrival:
    """What becomes one delivery: a file as it is, or members of a conversation by name; `broken` when it cannot even be taken apart."""

    origin: str
    media: Media
    file: Path | None = None
    members: list[tuple[str, Path]] = field(default_factory=list)
    broken: ContractBroken | None = None


def ingest(source_name: str, paths: list[Path], organisation_key: str | None = None) -> dict[str, Any]:
    """Land, judge and load; returns the ledger's counts of these deliveries, `held` and `held_codes` ({code: deliveries}).

    A file is a delivery; a folder is one conversation if it holds what a conversation holds, else a delivery a file.
    ConfigurationError, before anything lands, when a file is of no kind the source sends.
    """
    source = _source(source_name, organisation_key)
    with tempfile.TemporaryDirectory(prefix="kontingent-") as scratch:
        arrivals = [arrival for number, path in enumerate(paths)
                    for arrival in _arrivals(source, path, organisation_key, Path(scratch) / str(number))]
        landed = [(_land(source_name, arrival), arrival.broken) for arrival in arrivals]
    fresh = steps.register(source_name)
    for delivery, broken in landed:
        if broken is not None:
            ledger.hold(delivery.delivery_id, broken.code, broken.message)
    broken_ids = {delivery.delivery_id for delivery, broken in landed if broken is not None}
    steps.lay_out_all([delivery for delivery in fresh if delivery.delivery_id not in broken_ids])
    steps.gate(source_name)
    steps.load_staged(source_name)
    return _counts([delivery.delivery_id for delivery, _ in landed])


def _source(name: str, organisation_key: str | None) -> Source:
    source = BY_NAME.get(name)
    if source is None:
        raise ConfigurationError("source.unknown", f"no source {name}; `kontingent sources` lists them")
    if source.per_organisation and organisation_key is None:
        raise ConfigurationError("organisation.missing", f"{name} comes from schools: name the sender with --organisation ОГРН")
    if source.per_organisation and _ORGANISATION.fullmatch(organisation_key or "") is None:
        raise ConfigurationError("organisation.form", "an ОГРН has 13 digits")
    return source


def _counts(delivery_ids: list[str]) -> dict[str, Any]:
    rows = [ledger.delivery(delivery_id) for delivery_id in delivery_ids]
    codes = Counter(str(row["held_code"]) for row in rows if row["state"] == "held")
    return {**day.counts_of(delivery_ids), "held_codes": dict(sorted(codes.items()))}


def _arrivals(source: Source, path: Path, organisation_key: str | None, scratch: Path) -> Iterator[Arrival]:
    if not path.is_dir():
        yield _file(source, path, organisation_key, scratch)
        return
    files = sorted(file for file in path.rglob("*") if file.is_file() and file.name[0] not in ".~")
    if not files:
        raise ConfigurationError("file.none", f"{path.name}: nothing in the folder")
    if _is_conversation(source, path, files):
        members = _members(path, files)
        _asked_of(members, organisation_key)
        yield Arrival(organisation_key or path.name, "tar", members=members)
        return
    for number, file in enumerate(sorted(files, key=lambda one: (bool(_YEAR.search(one.name)), one))):  # the contingent before the marks
        yield _file(source, file, organisation_key, scratch / str(number))


def _is_conversation(source: Source, folder: Path, files: list[Path]) -> bool:
    """Answers of a JSON service always; of the exchange, when the folder holds our question or parts named as the landing names them."""
    if source.wire == "http_json":
        return not (source.name == NETSCHOOL and all(file.suffix.lower() in (".csv", ".xlsx") for file in files))
    plain = {_NUMBER.sub("", file.relative_to(folder).as_posix()) for file in files}
    return source.wire == "smev" and ("message.xml" in plain or any(name.startswith("question-") for name in plain))


def _asked_of(members: list[tuple[str, Path]], organisation_key: str | None) -> None:
    """A conversation is complete for the organisation it was asked of: under another name it would withdraw that one's pupils."""
    scope = dict(members).get(SCOPE)
    if scope is None or organisation_key is None:
        return
    with suppress(ContractBroken):  # a damaged scope is held by the reader
        asked = read_scope(scope.read_bytes()).organisation_key
        if asked != organisation_key:
            raise ConfigurationError("organisation.other", f"the conversation was asked of {asked}, not of {organisation_key}")


def _members(folder: Path, files: list[Path]) -> list[tuple[str, Path]]:
    """Names without the landing's numbers, in the order they can be read: as numbered, else questions, then lists, then what is by pupil."""
    found = [(file.relative_to(folder).as_posix(), file) for file in files]
    if not all(_NUMBER.match(name) for name, _ in found):
        found.sort(key=lambda one: (one[0] != "question-keys.json", not one[0].startswith("question-"), one[0] != "message.xml", one[0].count("/"), one[0]))
    return [(_NUMBER.sub("", name), file) for name, file in found]


def _file(source: Source, path: Path, organisation_key: str | None, scratch: Path) -> Arrival:
    with path.open("rb") as stream:
        head = stream.read(512)
    origin = _origin(source, path, organisation_key)
    if source.wire == "smev" and is_multipart(head):
        scratch.mkdir(parents=True)
        try:
            found = split(path, scratch)
        except ContractBroken as broken:
            return Arrival(origin, "xml", file=path, broken=broken)
        return Arrival(origin, "tar", members=list(zip(names(len(found)), (part.path for part in found), strict=True)))
    return Arrival(origin, _media(source, path, head), file=path)


def _origin(source: Source, path: Path, organisation_key: str | None) -> str:
    """As a fetch names the sender, so that the same bytes are known again."""
    if source.wire == "file" and organisation_key is not None:
        return f"{organisation_key}/{path.name}"
    return organisation_key or ("register.csv" if source.name == "education_organisations" else path.name)


def _media(source: Source, path: Path, head: bytes) -> Media:
    """By the content where it tells, else by the name."""
    accepted = ACCEPTED[source.wire] + (ACCEPTED["file"] if source.name == NETSCHOOL else ())
    media = MEDIA.get(path.suffix.lower())
    if head[257:262] == b"ustar":
        media = "tar"
    elif media is None and head.startswith(b"PK\x03\x04"):
        media = "xlsx" if source.wire == "file" else "zip"
    elif media is None and head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<"):
        media = "xml"
    if media is None or media not in accepted:
        raise ConfigurationError("file.kind", f"{path.name}: {source.name} takes {', '.join(accepted)} files"
                                 + (", a saved multipart answer" if source.wire == "smev" else "") + " or a folder of them")
    return media


def _land(source_name: str, arrival: Arrival) -> Delivery:
    with Landing(settings().landing).receive(source_name, origin=arrival.origin, media=arrival.media, received_at=now(),
                                             as_of=settings().today.isoformat()) as inbox:
        if arrival.file is not None:
            with arrival.file.open("rb") as stream:
                inbox.copy(stream)
        else:
            conversation = Conversation(inbox)
            for name, path in arrival.members:
                conversation.copy(name, path)
            conversation.close()
    assert inbox.delivery is not None  # noqa: S101 - set when the block ended
    return inbox.delivery
