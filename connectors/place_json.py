"""Finds the bytes of one value of a JSON document by its path, and every scalar in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from json import decoder
from typing import Any, TypeAlias, cast

from connectors.place import FRAGMENT, Place, Value
from schemas.errors import ContractBroken

Path: TypeAlias = tuple[str | int, ...]
_BLANK = re.compile(r"[ \t\r\n]*")
_decode = json.JSONDecoder().raw_decode
_key: Callable[[str, int], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]  # not in the stubs; json itself reads keys with it


def locate(member: str, body: bytes, start: int | None, path: Path, columns: dict[Path, str]) -> Place:
    """The place of the value at `path`; `columns` names raw columns by their path from the root. ContractBroken `place.element` if it is not there."""
    try:
        text = body.decode("utf-8")
        first, last = span(text, path)
        offset, length = len(text[:first].encode()), len(text[first:last].encode())
    except (ValueError, IndexError, KeyError):
        raise ContractBroken("place.element", f"{member} has nothing at {written(path)}") from None
    fragment = body[offset:offset + min(length, FRAGMENT)]
    found = tuple(_value(text, first, scalar, columns) for scalar in scalars(text, first, path)) if length <= FRAGMENT else ()
    return Place(member=member, kind="json", path=written(path), offset=offset, length=length, delivery_offset=None if start is None else start + offset,
                 encoding="utf-8", fragment=fragment, values=found)


def span(text: str, path: Path) -> tuple[int, int]:
    """First and last + 1 character of the value at a path; KeyError when there is none."""
    at = _skip(text, 0)
    for step in path:
        found = [begin for name, begin, _ in _children(text, at) if name == step]
        at = found[-1] if found else _missing(step)
    return at, _decode(text, at)[1]


def scalars(text: str, at: int, path: Path) -> Iterator[tuple[Path, int, int, Any]]:
    """(path, first, last + 1, value) of every scalar in the value that begins at `at`; strings without their quotes."""
    if text[at] not in "{[":
        value, end = _decode(text, at)
        is_text = isinstance(value, str)
        yield path, at + is_text, end - is_text, value
        return
    for name, begin, _ in _children(text, at):
        yield from scalars(text, begin, (*path, name))


def written(path: Path) -> str:
    """A path as people write it: `$.results[17].date`."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def _value(text: str, first: int, scalar: tuple[Path, int, int, Any], columns: dict[Path, str]) -> Value:
    path, begin, end, value = scalar
    start = len(text[first:begin].encode())
    said = value if isinstance(value, str) else "" if value is None else str(value)
    return Value(start=start, end=start + len(text[begin:end].encode()), column=columns.get(path), text=said)


def _children(text: str, at: int) -> Iterator[tuple[str | int, int, int]]:
    """(key or number, first, last + 1) of each child of an object or a list."""
    is_object = text[at] == "{"
    at, number = _skip(text, at + 1), 0
    while text[at] not in "}]":
        name: str | int = number
        if is_object:
            name, at = _key(text, at + 1)
            at = _skip(text, _skip(text, at) + 1)
        _, end = _decode(text, at)
        yield name, at, end
        number, at = number + 1, _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    return cast(re.Match[str], _BLANK.match(text, at)).end()


def _missing(step: str | int) -> int:
    raise KeyError(step)
