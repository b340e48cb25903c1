"""Many questions in one message: a zip of `<n>.xml` in, a zip of the same names out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from connectors.mocks.smev import schema
from connectors.mocks.smev.contents import Answer, ContentInvalid, Rejected, parse
from connectors.mocks.smev.kinds import QuestionKind
from connectors.mocks.smev.known import Known
from connectors.mocks.smev.namespaces import TYPES

ENTRY_COUNT = 100_000
ENTRY_SIZE = 1 << 20
_NAME = re.compile(r"[1-9]\d{0,6}\.xml")


def judged(kind: QuestionKind, question: etree._Element) -> Rejected | None:
    """The department's own refusal, or None; raises ContentInvalid when the schema says no."""
    name = etree.QName(question)
    if (name.namespace, name.localname) != (kind.namespace, kind.request):
        raise ContentInvalid("another kind of question")
    refused = kind.refusal(question)
    if refused is None:
        schema.check(question)
    return refused


def answer(kind: QuestionKind, known: Known, archive: bytes) -> list[tuple[str, Answer]]:
    """(entry name, answer) in the order of the entries; an entry that breaks its schema is rejected alone."""
    answers: dict[str, Answer] = {}
    sound: dict[str, etree._Element] = {}
    for name, document in _entries(archive):
        verdict = _verdict(kind, document)
        if isinstance(verdict, Rejected):
            answers[name] = verdict
        else:
            answers[name], sound[name] = "", verdict
    if sound:
        answers |= dict(zip(sound, kind.department(known, list(sound.values())), strict=True))
    return list(answers.items())


def _verdict(kind: QuestionKind, document: bytes) -> etree._Element | Rejected:
    try:
        question = parse(document)
        return judged(kind, question) or question
    except ContentInvalid:
        return Rejected("FAILURE", "SMEV-403: содержимое не соответствует схеме")


def _entries(archive: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            entries = files.infolist()
            if not entries or len(entries) > ENTRY_COUNT:
                raise ContentInvalid("number of files in the archive")
            for entry in entries:
                if not _NAME.fullmatch(entry.filename) or entry.file_size > ENTRY_SIZE:
                    raise ContentInvalid("name or size of a file in the archive")
                with files.open(entry) as file:
                    yield entry.filename, file.read(ENTRY_SIZE)
    except zipfile.BadZipFile:
        raise ContentInvalid("not an archive") from None


def packed(answers: list[tuple[str, Answer]]) -> bytes:
    """The archive of answers: `<n>.xml`, or `<n>.rejected.xml` with RequestRejected."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as files:
        for name, said in answers:
            entry = zipfile.ZipInfo(name if isinstance(said, str) else f"{name.removesuffix('.xml')}.rejected.xml", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            files.writestr(entry, '<?xml version="1.0" encoding="UTF-8"?>\n' + (said if isinstance(said, str) else _rejection(said)))
    return target.getvalue()


def _rejection(said: Rejected) -> str:
    return said.markup().replace("<t:RequestRejected>", f'<t:RequestRejected xmlns:t="{TYPES}">', 1)
