"""The XSDs the exchange judges contents by: found by target namespace, compiled once."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from lxml import etree

import schemas
from connectors.mocks.smev.contents import ContentInvalid

FOLDER = Path(schemas.__file__).parent / "xsd"


@functools.cache
def _catalogue(folder: Path) -> dict[str, Path]:
    """Target namespace -> file."""
    return {name: path for path in sorted(folder.rglob("*.xsd")) if (name := etree.parse(path).getroot().get("targetNamespace"))}


@functools.cache
def compiled(namespace: str, folder: Path = FOLDER) -> etree.XMLSchema | None:
    """The schema of this namespace, or None when no file declares it."""
    path = _catalogue(folder).get(namespace)
    return None if path is None else etree.XMLSchema(etree.parse(path))


def check(root: etree._Element) -> None:
    """Raises ContentInvalid with line numbers and kinds of mistakes, never the values."""
    schema = compiled(etree.QName(root).namespace or "")
    if schema is None or schema.validate(root):
        return
    raise ContentInvalid("; ".join(mistakes(schema)[:5]))


def mistakes(schema: etree.XMLSchema) -> list[str]:
    """Kinds and lines of what the last validation found."""
    log: Any = schema.error_log
    return sorted({f"{error.type_name} at line {error.line}" for error in log})
