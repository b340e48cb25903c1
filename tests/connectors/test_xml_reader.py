"""Bad XML is refused whole, by a code, without a value in the message; good XML comes through in bounded memory."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.xml_reader import document, elements, schema
from schemas.errors import ContractBroken

NAMESPACE = "urn://mvd/guvm/living-place-registration/1.1.0"
COMMONS = "urn://mvd/guvm/registration-commons/1.2.0"
SECRET = "Тайнович"
GOOD = (f'<m:livingPlaceRegistrationResponse xmlns:m="{NAMESPACE}" xmlns:c="{COMMONS}"><m:registrationInfo><c:district>{SECRET}</c:district>'
        "<c:registrationDateFrom>2020-01-01</c:registrationDateFrom></m:registrationInfo></m:livingPlaceRegistrationResponse>")
FOUND = f"{{{NAMESPACE}}}registrationInfo"


def read(content: bytes) -> int:
    against = schema("fms_residence/living-place-registration-1.1.0.xsd")
    return sum(1 for _ in elements(io.BytesIO(content), "message.xml", against, (FOUND,)))


BAD = {
    "not well-formed": (GOOD.replace("</c:district>", "</c:distrikt>"), "xml.not_well_formed"),
    "two roots": (GOOD + GOOD, "xml.not_well_formed"),
    "cut": (GOOD[:-10], "xml.truncated"),
    "cut before a tag": (GOOD[: GOOD.rindex("</m:living")], "xml.truncated"),
    "empty": ("", "xml.truncated"),
    "against the XSD": (GOOD.replace("2020-01-01", SECRET), "xml.xsd_invalid"),
    "an element too many": (GOOD.replace("<c:district>", "<c:planet/><c:district>"), "xml.xsd_invalid"),
    "another version": (GOOD.replace("living-place-registration/1.1.0", "living-place-registration/1.2.0"), "xml.wrong_namespace"),
    "a page of HTML": ("<html><body><p>Технические работы</p></body></html>", "xml.wrong_namespace"),
    "DTD": ("<!DOCTYPE x>" + GOOD, "xml.doctype"),
    "entity": ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + GOOD.replace(SECRET, "&e;"), "xml.doctype"),
    "billion laughs": ('<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + GOOD.replace(SECRET, "&b;"), "xml.doctype"),
    "unknown entity": (GOOD.replace(SECRET, "&nbsp;"), "xml.entity"),
    "deep": ("<a>" * 65 + "</a>" * 65, "xml.too_deep"),
    "very deep": ("<a>" * 100_000, "xml.too_deep"),
    "NUL": (GOOD.replace(SECRET, "a\x00b"), "xml.nul"),
    "XML 1.1": ('<?xml version="1.1"?>' + GOOD, "xml.version"),
    "an encoding nobody agreed to": ('<?xml version="1.0" encoding="koi8-r"?>' + GOOD, "xml.encoding"),
    "UTF-8 that says cp1251": ('<?xml version="1.0" encoding="windows-1251"?>' + GOOD, "xml.encoding"),
}


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_document_is_refused_whole_and_its_values_stay_unsaid(content: str, code: str) -> None:
    with pytest.raises(ContractBroken) as refused:
        read(content.encode())
    assert refused.value.code == code
    assert SECRET not in str(refused.value)


def test_cp1251_bytes_without_a_declaration_are_refused() -> None:
    with pytest.raises(ContractBroken) as refused:
        read(GOOD.encode("cp1251"))
    assert refused.value.code == "xml.encoding"


def test_utf16_is_refused() -> None:
    with pytest.raises(ContractBroken) as refused:
        read(GOOD.encode("utf-16"))
    assert refused.value.code == "xml.encoding"


def test_cp1251_that_says_so_is_read_as_written() -> None:
    content = ('<?xml version="1.0" encoding="windows-1251"?>' + GOOD).encode("cp1251")
    against = schema("fms_residence/living-place-registration-1.1.0.xsd")
    (district,) = [element[0].text for element in elements(io.BytesIO(content), "message.xml", against, (FOUND,))]
    assert district == SECRET


@given(st.integers(min_value=1, max_value=len(GOOD.encode()) - 1))
def test_no_cut_of_a_good_document_passes(length: int) -> None:
    with pytest.raises(ContractBroken):
        read(GOOD.encode()[:length])


@given(st.integers(min_value=1, max_value=200))
def test_where_the_chunks_break_does_not_matter(size: int) -> None:
    class Slow(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    against = schema("fms_residence/living-place-registration-1.1.0.xsd")
    assert sum(1 for _ in elements(Slow(GOOD.encode()), "message.xml", against, (FOUND,))) == 1


def test_a_text_of_a_hundred_megabytes_is_refused_before_it_is_held() -> None:
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self._chunks = self._written()

        def _written(self) -> Iterator[bytes]:
            yield GOOD[: GOOD.index(SECRET)].encode()
            for _ in range(1600):
                yield b"x" * (1 << 16)

        def read(self, size: int = -1) -> bytes:
            return next(self._chunks, b"")

    against = schema("fms_residence/living-place-registration-1.1.0.xsd")
    tracemalloc.start()
    with pytest.raises(ContractBroken) as refused:
        list(elements(Endless(), "message.xml", against, (FOUND,)))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.code == "xml.text_too_long"
    assert peak < 16 << 20


def test_a_small_document_has_a_size_limit() -> None:
    with pytest.raises(ContractBroken, match=r"xml\.too_large"):
        document(b" " * (2 << 20), "1.xml", schema("fms_residence/living-place-registration-1.1.0.xsd"))
