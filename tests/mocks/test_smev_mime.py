"""MIME of the exchange: any bytes come through, and what does not close is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mocks.smev import identifiers, mime


@given(bodies=st.lists(st.binary(max_size=200), max_size=3), root=st.text("<aБ>\r\n-", max_size=20))
def test_parts_come_back_as_they_were_put_in(bodies: list[bytes], root: str) -> None:
    named = [(f"part-{number}", "application/zip", body) for number, body in enumerate(bodies)]
    found = mime.parts(mime.content_type("smev-boundary"), mime.assemble("smev-boundary", root, named))
    assert [(part.content_id, part.body) for part in found] == [(mime.ROOT, root.encode()), *((name, body) for name, _, body in named)]


@given(st.binary(max_size=300))
def test_any_bytes_are_parts_or_malformed(body: bytes) -> None:
    with suppress(mime.Malformed):
        assert mime.parts('multipart/related; boundary="b"', b"--b\r\n" + body + b"\r\n--b--\r\n")


@pytest.mark.parametrize(("content_type", "body"), [("multipart/related", b"--b--"), ('multipart/related; boundary="b"', b"--b\r\n\r\nx"),
                                                    ('multipart/related; boundary="b"', b"--b--"), ('multipart/related; boundary="b"', b"--b\r\nx\r\n--b--")])
def test_a_body_that_does_not_close_is_malformed(content_type: str, body: bytes) -> None:
    with pytest.raises(mime.Malformed):
        mime.parts(content_type, body)


def test_the_root_part_is_first_wherever_it_stands() -> None:
    body = b"--b\r\nContent-ID: <a>\r\n\r\n1\r\n--b\r\nContent-ID: <r>\r\n\r\n2\r\n--b--"
    assert [part.content_id for part in mime.parts('multipart/related; boundary="b"; start="<r>"', body)] == ["r", "a"]


@given(moment=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), key=st.text(max_size=30))  # noqa: DTZ001
def test_a_derived_id_is_well_formed_holds_its_time_and_is_always_the_same(moment: datetime, key: str) -> None:
    identifier = identifiers.derived(moment, key)
    assert identifiers.is_well_formed(identifier)
    assert abs(identifiers.seconds(identifier) - moment.timestamp()) <= 2
    assert identifier == identifiers.derived(moment, key)
