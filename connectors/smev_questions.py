"""Asks many questions of one kind: thousands in an archive, answers awaited, landed with the questions, acknowledged."""

from __future__ import annotations

import io
import logging
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pandas as pd

from connectors.landing import Landing
from connectors.smev import Attachment, Exchange, Message
from connectors.smev_envelope import new_message_id
from connectors.smev_landing import land
from connectors.smev_outbox import Asked, Key, Outbox
from connectors.sources import Source
from connectors.target import Target
from schemas.errors import ContractBroken, SourceUnavailable

log = logging.getLogger(__name__)

CHUNK = 5_000
"""Questions in one message: each answer is a delivery, and every delivery has a transaction and files of its own (archives are read up to 10,000)."""
SLICE = 20_000
"""Questions written at once: bounds memory."""
PATIENCE = 900.0
"""Seconds to wait for answers; what comes later is fetched by the next run."""
ATTEMPTS = 3


@dataclass(frozen=True)
class Service:
    """One kind of question: `ask` turns the table of questions into documents and leaves out what the wire cannot carry."""

    name: str
    namespace: str
    response: str
    ask: Callable[[pd.DataFrame], list[tuple[Key, bytes]]]


def converse(services: Sequence[Service], source: Source, target: Target, landing: Landing, *, patience: float = PATIENCE,
             pause: Callable[[float], None] = time.sleep) -> list[str]:
    """Send what is not under way already, then land each answer.

    SourceUnavailable, after all that came has landed, when questions were refused or have no answer in time: they are not asked yet.
    """
    outbox = Outbox(landing.root / source.name / "asked")
    lost = outbox.forget()
    log.info("%s: %d bulk questions were never answered and will be asked again", source.name, lost)
    table = _table(target.questions)
    with Exchange(target.endpoint, target.login) as exchange:
        conversation = _Conversation(exchange, outbox, source, target, landing)
        for service in services:
            conversation.send(service, table)
        conversation.receive(services, patience, pause)
    return conversation.deliveries


class _Conversation:
    def __init__(self, exchange: Exchange, outbox: Outbox, source: Source, target: Target, landing: Landing) -> None:
        self._exchange, self._outbox, self._source, self._target, self._landing = exchange, outbox, source, target, landing
        self._landed: set[tuple[str, str]] = set()
        self._refused: list[str] = []
        self.deliveries: list[str] = []

    def send(self, service: Service, table: pd.DataFrame) -> None:
        kept = [self._outbox.asked(message_id) for message_id in self._outbox.waiting()]
        under_way = {key[0] for asked in kept if asked.service == service.name for key in asked.keys}
        waiting, asked = _documents(service, table[~table["question_id"].isin(under_way)]), 0
        while chunk := list(islice(waiting, CHUNK)):
            self._post(Asked(service.name, [key for key, _ in chunk]), _archive([document for _, document in chunk]))
            asked += len(chunk)
        log.info("%s, %s: %d questions, %d of them asked, %d under way", self._source.name, service.name, len(table), asked, len(under_way))

    def _post(self, asked: Asked, archive: bytes) -> None:
        message_id = new_message_id()
        self._outbox.put(message_id, asked, archive)
        attachment = Attachment(f"questions-{message_id}", "application/zip", archive)
        sent = self._exchange.send(_first(archive), [attachment], message_id=message_id)
        if sent != message_id:
            self._outbox.rename(message_id, sent)

    def receive(self, services: Sequence[Service], patience: float, pause: Callable[[float], None]) -> None:
        deadline = time.monotonic() + patience
        wait = 0.2
        while self._outbox.waiting():
            if any([self._take(service) for service in services]):
                wait = 0.2
            elif time.monotonic() > deadline:
                break
            else:
                pause(wait)
                wait = min(wait * 2, 5.0)
        self._conclude()

    def _conclude(self) -> None:
        waiting = len(self._outbox.waiting())
        log.info("%s: %d answers, %d refused, %d still awaited", self._source.name, len(self.deliveries), len(self._refused), waiting)
        for code in self._refused:
            log.warning("%s: a bulk question was refused %d times, the last time with %s", self._source.name, ATTEMPTS, code)
        if self._refused and not self.deliveries:
            raise ContractBroken("smev.rejected", f"{len(self._refused)} bulk questions were refused, the first with {self._refused[0]}")
        told = f"{len(self._refused)} bulk questions were refused, {waiting} have no answer yet, {len(self.deliveries)} answers landed"
        if self._refused:
            raise SourceUnavailable("smev.questions_refused", told)
        if waiting:
            raise SourceUnavailable("smev.unanswered" if self.deliveries else "smev.no_answer", told)

    def _take(self, service: Service) -> bool:
        """One message of this kind off the queue; False when there is none."""
        with self._exchange.poll(service.namespace, service.response) as message:
            if message is None:
                return False
            original = message.heading.original_id or ""
            if message.heading.status == "fault":
                self._again(original, message.heading.fault_code or "SmevFault")
            elif message.heading.status is None:
                self._keep(message, original, service)
            self._exchange.release(message)
        return True

    def _keep(self, message: Message, original: str, service: Service) -> None:
        """Land the answer beside its question; the same message twice is landed twice only if its bytes differ."""
        mark = (message.message_id, message.fingerprint)
        if mark not in self._landed:
            questions = self._outbox.files(original)
            origin = original or message.message_id or service.namespace
            self.deliveries.append(land(self._landing, self._source, self._target, message, origin, questions))
            self._landed.add(mark)
        if original:
            self._outbox.answered(original)

    def _again(self, original: str, code: str) -> None:
        """СМЭВ refused the message itself: send it once more under a new id, then give up."""
        if original not in self._outbox.waiting():
            return
        asked, archive = self._outbox.asked(original), self._outbox.archive(original)
        self._outbox.drop(original)
        if asked.attempt < ATTEMPTS:
            self._post(replace(asked, attempt=asked.attempt + 1), archive)
        else:
            self._refused.append(code)


def _documents(service: Service, table: pd.DataFrame) -> Iterator[tuple[Key, bytes]]:
    """The documents of all questions, written slice by slice: those of a whole republic would fill a gigabyte."""
    for start in range(0, len(table), SLICE):
        yield from service.ask(table.iloc[start:start + SLICE])


def _table(path: Path | None) -> pd.DataFrame:
    """The questions, every column as text; no file is no questions."""
    if path is None:
        return pd.DataFrame({"question_id": pd.Series([], dtype="str")})
    return pd.read_parquet(path).astype("str")


def _archive(documents: list[bytes]) -> bytes:
    """`1.xml` … `n.xml`; the same documents give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, document in enumerate(documents, start=1):
            entry = zipfile.ZipInfo(f"{number}.xml", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, document)
    return target.getvalue()


def _first(archive: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as entries:
        return entries.read("1.xml")
