"""Births: the queue is drained without loss, and what is read is what was sent."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors import zags_births
from connectors.landing import Delivery, Landing, Media
from connectors.mocks.region.seen import DDL
from connectors.mocks.smev import Misbehaviour
from connectors.rows import RawBatch
from connectors.smev import UNREADABLE
from connectors.sources import BY_NAME
from connectors.target import Target
from schemas.errors import ContractBroken, SourceUnavailable
from tests.connectors.exchange import ACKED, EMPTY, Answer, departments, fault, message, primary, scripted, zipped
from tests.connectors.kept import DATA

SOURCE = BY_NAME["zags_births"]
PUSH = (DATA / "zags_births" / "push.xml").read_bytes()
ELEMENT = PUSH.decode().split("?>", 1)[1].strip()


def kept(media: Media) -> Delivery:
    return Delivery(delivery_id="d", source="zags_births", origin="x", media=media, sha256="0" * 64, size_bytes=1,
                    received_at="2025-10-24T12:00:00+08:00", as_of="2025-10-24")


def rows(content: bytes, media: Media = "xml") -> list[dict[str, Any]]:
    batches = list(zags_births.read(kept(media), io.BytesIO(content)))
    assert all(isinstance(batch, RawBatch) and batch.entity == "person" for batch in batches)
    return [row for batch in batches if isinstance(batch, RawBatch) for row in batch.rows.to_dict("records")]


def landed(landing: Landing) -> list[dict[str, Any]]:
    return [row for delivery in landing.pending("zags_births") for batch in zags_births.read(delivery, landing.open(delivery))
            if isinstance(batch, RawBatch) for row in batch.rows.to_dict("records")]


def target(url: str) -> Target:
    return Target(endpoint=url, as_of=date(2025, 10, 24))


def test_values_are_as_sent_with_their_place() -> None:
    first, second, *_ = rows(PUSH)
    assert first["position"] == "message.xml#1"
    assert (first["family_name"], first["snils"], first["version"], first["status"]) == ("Королёв", "112-233-445-95", "1", "0101")
    assert (first["certificate_series"], first["repeat_series"], first["mother_family_name"]) == ("I-АЖ", "II-АЖ", "Королёва")
    assert (second["patronymic_absent"], second["birth_date_year"], second["birth_date_month"]) == ("1", "2012", "5")


def test_a_bulk_package_is_read_entry_by_entry() -> None:
    content = zipped(part__000001=PUSH, part__000002=PUSH)
    assert [row["position"] for row in rows(content, "zip")][4:6] == ["attachment-1.zip!part-000001.xml#5", "attachment-1.zip!part-000002.xml#1"]


def test_one_bad_entry_holds_the_delivery() -> None:
    with pytest.raises(ContractBroken, match="part-000002"):
        rows(zipped(part__000001=PUSH, part__000002=PUSH[:-20]), "zip")


def test_a_record_of_another_version_is_refused() -> None:
    with pytest.raises(ContractBroken) as refused:
        rows(PUSH.replace(b"rogdzp/root/112-23/4.0.1", b"rogdzp/root/112-23/4.0.0"))
    assert refused.value.code == "xml.wrong_namespace"


def test_a_record_of_another_kind_inside_a_good_frame_is_refused() -> None:
    other = '<y:СведРегРожд xmlns:y="urn:other"/>'
    start, end = ELEMENT.index("<z:СведРегРожд"), ELEMENT.index("</z:СведРегРожд>") + len("</z:СведРегРожд>")
    with pytest.raises(ContractBroken) as refused:
        rows((ELEMENT[:start] + other + ELEMENT[end:]).encode())
    assert refused.value.code == "xml.wrong_namespace"


def test_a_message_is_acknowledged_only_when_it_is_durable_and_answered(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    with scripted(GetResponse=[message(primary(ELEMENT)), EMPTY]) as script:
        seen: list[tuple[str, int]] = []
        script.before = lambda operation: seen.append((operation, len(landing.pending("zags_births"))))
        delivered = zags_births.fetch(SOURCE, target(script.url), landing)
    assert seen == [("GetResponse", 0), ("SendRequest", 1), ("Ack", 1), ("GetResponse", 1)]
    assert [delivery.delivery_id for delivery in landing.pending("zags_births")] == delivered
    assert b'\xd0\x98\xd0\xb4\xd0\xa1\xd0\xb2\xd0\xb5\xd0\xb4="push-1"' in script.asked[1][1]
    assert len(landed(landing)) == 5


def test_a_message_that_could_not_be_answered_stays_in_the_queue(tmp_path: Path) -> None:
    with scripted(GetResponse=[message(primary(ELEMENT)), EMPTY], SendRequest=[(401, "text/plain", b"")]) as script, pytest.raises(SourceUnavailable):
        zags_births.fetch(SOURCE, target(script.url), Landing(tmp_path))
    assert "Ack" not in script.operations()


def test_a_repeated_message_lands_again_only_if_its_bytes_differ(tmp_path: Path) -> None:
    once, later = message(primary(ELEMENT)), message(primary(ELEMENT), delivered="2025-10-24T07:00:00Z")
    with scripted(GetResponse=[once, once, later, EMPTY]) as script:
        assert len(zags_births.fetch(SOURCE, target(script.url), Landing(tmp_path))) == 2
    assert script.operations().count("Ack") == 3


def test_a_message_of_broken_xml_lands_too_and_is_refused_when_read(tmp_path: Path) -> None:
    status, kind, body = message(primary(ELEMENT))
    landing = Landing(tmp_path)
    with scripted(GetResponse=[(status, kind, body.replace(b"</z:", b"</w:", 1)), EMPTY]) as script:
        zags_births.fetch(SOURCE, target(script.url), landing)
    assert script.operations()[-2:] == ["Ack", "GetResponse"]
    with pytest.raises(ContractBroken, match=r"xml\.not_well_formed"):
        landed(landing)


def test_a_receipt_that_is_refused_does_not_stop_those_behind_it(tmp_path: Path) -> None:
    two = [message(primary(ELEMENT)), message(primary(ELEMENT), "22222222-2222-11ef-8111-111111111111"), EMPTY]
    landing = Landing(tmp_path)
    with scripted(GetResponse=two, SendRequest=[fault("InvalidContent")]) as script:
        zags_births.fetch(SOURCE, target(script.url), landing)
    assert script.operations() == ["GetResponse", "SendRequest", "Ack", "GetResponse", "SendRequest", "Ack", "GetResponse"]
    assert len(landed(landing)) == 10


def test_a_message_that_is_not_understood_lands_is_acknowledged_and_held_and_the_next_one_comes(tmp_path: Path) -> None:
    status, _, body = message(primary(ELEMENT))
    landing = Landing(tmp_path)
    with scripted(GetResponse=[(status, "multipart/related", body), message(primary(ELEMENT)), EMPTY]) as script:
        zags_births.fetch(SOURCE, target(script.url), landing)
    assert script.operations() == ["GetResponse", "Ack", "GetResponse", "SendRequest", "Ack", "GetResponse"]
    broken, good = landing.pending("zags_births")
    with pytest.raises(ContractBroken) as held:
        list(zags_births.read(broken, landing.open(broken)))
    assert (held.value.code, "mime.malformed" in held.value.message) == ("smev.unreadable", True)
    assert body in landing.open(broken).read()
    assert len(list(zags_births.read(good, landing.open(good)))) == 1


@pytest.mark.parametrize("ack", [[ACKED], [fault("InvalidContent")]], ids=["no-id", "refused"])
def test_a_queue_that_is_blocked_by_a_message_without_an_id_is_left_with_a_reason(tmp_path: Path, ack: list[Answer]) -> None:
    status, kind, body = message(primary(ELEMENT))
    if ack == [ACKED]:
        body = body.replace(b"MessageI", b"Numbe")
    else:
        kind = "multipart/related"
    landing = Landing(tmp_path)
    with scripted(GetResponse=[(status, kind, body)], Ack=ack) as script, pytest.raises(ContractBroken) as stopped:
        zags_births.fetch(SOURCE, target(script.url), landing)
    assert stopped.value.code == "smev.unreadable"
    assert "Королёв" not in stopped.value.message
    assert script.operations().count("GetResponse") == UNREADABLE
    assert len(landing.pending("zags_births")) == 1


def test_day_zero_comes_whole_from_a_misbehaving_exchange(tmp_path: Path) -> None:
    world = tmp_path / "world.duckdb"
    with duckdb.connect(str(world)) as connection:
        connection.execute(DDL)
        connection.execute("INSERT INTO seen.zags_act BY NAME SELECT 0 AS day, 'birth' AS act_kind, format('1{:020d}', number) AS wire_key, 1 AS version, "
                           "DATE '2014-03-20' AS version_date, '0101' AS status_code, DATE '2014-03-20' AS act_date, 'R0300001' AS authority_code, "
                           "'ЗАГС' AS authority_name, 'Тестов' AS family_name, 'Бата' AS given_name, DATE '2014-03-09' AS birth_date "
                           "FROM range(1500) AS made(number)")
    landing = Landing(tmp_path / "landing")
    with departments(world, Misbehaviour(duplicate=0.5, smev_failure=0.2, overflow=0.1)) as url:
        zags_births.fetch(SOURCE, target(url), landing)
    found = landed(landing)
    assert len({row["act_number"] for row in found}) == 1500
    assert len({row["position"] for row in found}) == 1500
    assert "attachment-1.zip!part-000002.xml#500" in {row["position"] for row in found}

