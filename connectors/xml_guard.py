"""Watches the bytes of one XML document before any parser builds from them: encoding, DOCTYPE, NUL, depth, length of text."""

from __future__ import annotations

import codecs
import re
from xml.parsers import expat

import numpy as np

from schemas.errors import ContractBroken

DEPTH = 64
TEXT_BYTES = 1 << 20
"""Bytes between two tags at most."""

_DECLARATION = re.compile(rb"""^\s*<\?xml\s+version\s*=\s*["']([^"']*)["'](?:\s+encoding\s*=\s*["']([^"']*)["'])?""")
_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "windows-1251": "cp1251", "cp1251": "cp1251"}
_CUT = frozenset((expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS], expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
                  expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR], expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION]))
_ENTITY = expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]
_ENCODING = frozenset((expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING], expat.errors.codes[expat.errors.XML_ERROR_INCORRECT_ENCODING]))


class Guard:
    """Fed with the same chunks as the parser, before it; raises ContractBroken with line and code, never with a value.

    It also proves the document whole: lxml, when it validates while it streams, takes a cut document for a complete one.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._head: bytes | None = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._claims_utf8 = True
        self._is_utf8 = True
        self._is_ascii = True
        self._depth = 0
        self._run = 0
        self._carry = b""
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, chunk: bytes) -> None:
        if self._head is not None:
            self._begin(chunk)
        if b"\x00" in chunk:
            raise self._broken("xml.nul", "a zero byte")
        self._decode(chunk, final=False)
        self._measure(chunk)
        self._parse(chunk, final=False)

    def close(self) -> None:
        """The document is over: was it all?"""
        self._decode(b"", final=True)
        self._parse(b"", final=True)
        if self._contradicts():
            raise self._broken("xml.encoding", "declared as windows-1251, written in UTF-8")

    def _contradicts(self) -> bool:
        return not self._claims_utf8 and self._is_utf8 and not self._is_ascii

    def _begin(self, chunk: bytes) -> None:
        head = (self._head or b"") + chunk[:256]
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise self._broken("xml.encoding", "UTF-16 was not agreed")
        found = _DECLARATION.match(head.removeprefix(codecs.BOM_UTF8))
        if found is None and len(head) < 256 and b">" not in head:
            self._head = head
            return
        self._head = None
        if found is None:
            return
        if found.group(1) != b"1.0":
            raise self._broken("xml.version", "not XML 1.0")
        encoding = _ENCODINGS.get((found.group(2) or b"utf-8").decode("latin-1").lower())
        if encoding is None:
            raise self._broken("xml.encoding", "declared encoding was not agreed")
        self._claims_utf8 = encoding == "utf-8"

    def _decode(self, chunk: bytes, *, final: bool) -> None:
        self._is_ascii = self._is_ascii and chunk.isascii()
        if not self._is_utf8 or self._is_ascii:
            return
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self._is_utf8 = False
            if self._claims_utf8:
                code, what = ("xml.truncated", "ends inside a letter") if final else ("xml.encoding", "bytes are not UTF-8")
                raise self._broken(code, what) from error

    def _measure(self, chunk: bytes) -> None:
        last = chunk.rfind(b"<")
        self._run = self._run + len(chunk) if last < 0 else len(chunk) - last
        if self._run > TEXT_BYTES:
            raise self._broken("xml.text_too_long", f"more than {TEXT_BYTES} bytes between two tags")
        self._depth, highest = _climb(self._carry + chunk, self._depth)
        self._carry = chunk[-1:] if chunk[-1:] in (b"<", b"/") else b""
        if highest > DEPTH:
            raise self._broken("xml.too_deep", f"elements nested deeper than {DEPTH}")

    def _parse(self, chunk: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            if error.code in _ENCODING or self._contradicts():
                code = "xml.encoding"
            elif error.code == _ENTITY:
                code = "xml.entity"
            else:
                code = "xml.truncated" if final and error.code in _CUT else "xml.not_well_formed"
            raise self._broken(code, f"expat error {error.code}") from None

    def _doctype(self, *_: object) -> None:
        raise self._broken("xml.doctype", "a document type declaration")

    def _broken(self, code: str, what: str) -> ContractBroken:
        return ContractBroken(code, f"{self._name}, line {self._parser.CurrentLineNumber}: {what}")


def _climb(chunk: bytes, depth: int) -> tuple[int, int]:
    """Depth after the chunk and the greatest inside it; a sign cut at the end of the chunk comes again with the next one."""
    signs = np.frombuffer(chunk, dtype=np.uint8)
    if len(signs) < 2:
        return depth, depth
    steps = np.zeros(len(signs), dtype=np.int8)
    starts = np.flatnonzero(signs[:-1] == ord("<"))
    after = signs[starts + 1]
    steps[starts] = np.where(after == ord("/"), -1, np.where((after == ord("!")) | (after == ord("?")), 0, 1))
    ends = np.flatnonzero(signs[1:] == ord(">")) + 1
    steps[ends[signs[ends - 1] == ord("/")]] -= 1
    moved = steps[steps != 0]
    if len(moved) == 0:
        return depth, depth
    levels = depth + np.cumsum(moved, dtype=np.int64)
    return int(levels[-1]), int(levels.max())
