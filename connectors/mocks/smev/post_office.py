"""Puts letters into queues, late, twice and out of order when it misbehaves, and writes pushes when they are fetched."""

from __future__ import annotations

import dataclasses
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.mocks.smev import zags_push
from connectors.mocks.smev.identifiers import derived
from connectors.mocks.smev.known import Known
from connectors.mocks.smev.letters import Letter, attachment_header, primary
from connectors.mocks.smev.mailbox import Mailbox
from connectors.mocks.smev.misbehaviour import Misbehaviour
from connectors.mocks.smev.namespaces import ZAGS
from connectors.mocks.smev.zags_kinds import KINDS
from connectors.mocks.smev.zags_push import Package

_ZONE = ZoneInfo("Asia/Irkutsk")


class PostOffice:
    """`spool` is a folder for the attachments of bulk pushes until they are acknowledged."""

    def __init__(self, known: Known, mailbox: Mailbox, spool: Path, misbehaviour: Misbehaviour) -> None:
        self._known = known
        self._mailbox = mailbox
        self._spool = spool
        self._misbehaviour = misbehaviour

    def put(self, letters: list[Letter], *, visible_at: float) -> None:
        """In order, but for those the misbehaviour delays; duplicates come after the rest. To be called in a transaction."""
        for letter in letters:
            is_late = self._misbehaviour.strikes("disorder", self._misbehaviour.disorder, letter.message_id)
            self._mailbox.put(letter, visible_at=visible_at, delay=1.5 if is_late else 0.0)
        for letter in letters:
            if self._misbehaviour.strikes("duplicate", self._misbehaviour.duplicate, letter.message_id):
                self._mailbox.put(letter, visible_at=visible_at)

    def push(self, consumer: str, *, visible_at: float) -> None:
        """Queue what ЗАГС sends unasked, each day once for each consumer."""
        today = self._known.today()
        missing = sorted(set(range(today + 1)) - self._mailbox.pushed_days(consumer))
        for day in missing:
            letters = [self._letter(consumer, package) for package in zags_push.packages(self._known, day)]
            with self._mailbox.transaction():
                if day in self._mailbox.pushed_days(consumer):
                    continue
                self._mailbox.mark_pushed(consumer, day)
                self.put(letters, visible_at=visible_at)

    def _letter(self, consumer: str, package: Package) -> Letter:
        sent_at = datetime.combine(self._known.date_of(package.day), time(6), _ZONE)
        message_id = derived(sent_at, f"{consumer}:{package.act_kind}:{package.day}:{package.start}")
        return Letter(message_id=message_id, consumer=consumer, queue=KINDS[package.act_kind].namespace, sender=ZAGS,
                      sent_at=sent_at.isoformat(), message_type="BROADCAST", package=dataclasses.asdict(package))

    def written(self, letter: Letter) -> tuple[Letter, bytes | Path | None]:
        """The letter with its body, and its attachment."""
        if letter.package is None:
            return letter, letter.attachment
        package = Package(**letter.package)
        if not package.is_bulk:
            return dataclasses.replace(letter, body=primary(zags_push.registry(self._known, package, letter.message_id))), None
        path = self._path(letter.message_id)
        if not path.exists():
            self._spool.mkdir(parents=True, exist_ok=True)
            zags_push.write(self._known, package, letter.message_id, path)
        header = attachment_header(letter.message_id, zags_push.names(package), letter.queue)
        content = primary(zags_push.announcement(self._known, package, letter.message_id))
        return dataclasses.replace(letter, body=content + header), path

    def forget(self, message_id: str) -> None:
        """Remove the attachment of an acknowledged push when no duplicate waits for it."""
        if not self._mailbox.holds(message_id):
            self._path(message_id).unlink(missing_ok=True)

    def _path(self, message_id: str) -> Path:
        return self._spool / f"{message_id}.zip"
