"""What is not as agreed and needs no server to be shown: each names its rule."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from connectors import conversation, delivery_documents, journal_rows, smev_answers, smev_mime, tables_reader, xml_reader, xml_rows, zags, zip_reader
from connectors.landing import members
from schemas.errors import ContractBroken
from tests.connectors.exchange import fault, scripted
from tests.connectors.kept import delivery
from tests.connectors.test_smev import client

Shown = Callable[[Path, pytest.MonkeyPatch], object]


def tar(name: str, body: bytes = b"x") -> io.BytesIO:
    """A conversation of one member."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(body)
        archive.addfile(member, io.BytesIO(body))
    return io.BytesIO(made.getvalue())


def wrong_media(_: Path, __: pytest.MonkeyPatch) -> object:
    return list(delivery_documents.xml(replace(delivery("zags_births", "x"), media="csv"), io.BytesIO(b""), re.compile("x")))


def wrong_scope(_: Path, __: pytest.MonkeyPatch) -> object:
    return conversation.read_scope(b"[]")


def no_scope(_: Path, __: pytest.MonkeyPatch) -> object:
    from tests.connectors.kept import read_all

    return read_all("journal_bars", tar("000000-students.json", b"{}"))


def wrong_shape(_: Path, __: pytest.MonkeyPatch) -> object:
    with journal_rows.shaped("diary"):
        return {}["agreed"]


def large_part(_: Path, limits: pytest.MonkeyPatch) -> object:
    limits.setattr(smev_mime, "LIMIT", 3)
    return list(smev_mime._copied([b"four"], io.BytesIO()))


def large_table(_: Path, limits: pytest.MonkeyPatch) -> object:
    limits.setattr(tables_reader, "LIMIT", 3)
    return tables_reader._spool(io.BytesIO(b"four"), io.BytesIO())


def damaged_tar(_: Path, __: pytest.MonkeyPatch) -> object:
    return list(members(io.BytesIO(b"no tar" * 200)))


def unnumbered(_: Path, __: pytest.MonkeyPatch) -> object:
    return list(members(tar("answer.json")))


def large_answer(_: Path, limits: pytest.MonkeyPatch) -> object:
    limits.setattr("connectors.landing.MEMBER_BYTES", 3)
    return list(members(tar("000001-answer.json", b"four")))


def locked_zip(_: Path, __: pytest.MonkeyPatch) -> object:
    entry = zipfile.ZipInfo("1.xml")
    entry.flag_bits = 1
    return zip_reader._judge([entry], "a.zip", re.compile(r"\d\.xml"))


def no_content(_: Path, __: pytest.MonkeyPatch) -> object:
    return zags._Package(is_bare=False).document("message.xml", None)


def large_document(_: Path, limits: pytest.MonkeyPatch) -> object:
    limits.setattr(xml_reader, "SMALL", 3)
    return xml_reader.document(b"<a/>", "a", xml_reader.schema("zags_births/rogdzp.xsd"))


def unmapped(_: Path, __: pytest.MonkeyPatch) -> object:
    return xml_rows.Node(children={}).row(etree.fromstring("<a><b/></a>"))


def rejected(_: Path, changed: pytest.MonkeyPatch) -> object:
    said = f'<a xmlns:t="{smev_answers.TYPES}"><t:RejectionReasonCode>ACCESS_DENIED</t:RejectionReasonCode></a>'
    changed.setattr(smev_answers, "document", lambda *_: etree.fromstring(said))  # the envelope's schema is the exchange's own business
    return smev_answers._primary(b"", "message.xml", xml_reader.schema("zags_births/rogdzp.xsd"))


def stale_twice(_: Path, __: pytest.MonkeyPatch) -> object:
    with scripted(SendRequest=[fault("StaleMessageId"), fault("StaleMessageId")]) as script, client(script) as exchange:
        return exchange.send(b"<a/>")


SHOWN: dict[str, Shown] = {
    "delivery.media": wrong_media, "conversation.scope": wrong_scope, "conversation.no_scope": no_scope, "json.shape": wrong_shape,
    "mime.too_large": large_part, "table.too_large": large_table, "tar.damaged": damaged_tar, "tar.member_name": unnumbered, "tar.too_large": large_answer,
    "zip.encrypted": locked_zip, "xml.no_content": no_content, "xml.too_large": large_document, "xml.unmapped_element": unmapped,
    "smev.rejected": rejected, "smev.StaleMessageId": stale_twice,
}


@pytest.mark.parametrize("rule", SHOWN)
def test_what_is_not_as_agreed_is_named(rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ContractBroken) as held:
        SHOWN[rule](tmp_path, monkeypatch)
    assert held.value.code == rule
