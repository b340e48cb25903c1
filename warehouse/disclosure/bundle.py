"""A release as files: CSV, data package, passport, audit; nothing in them comes from an unprotected count, and the same release is the same bytes."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from schemas.publication import Publication
from warehouse.disclosure import spreadsheet
from warehouse.disclosure.cells import TOTAL, Release, Shown, symbol, tallied

PACKAGE, PASSPORT, AUDIT = "datapackage.json", "passport.csv", "audit.json"
METHOD_TITLES = {"rounding": "0 показан; 1–4 – знак «1–4»; прочее округлено до ближайшего кратного основанию; итоги округлены из точных",
                 "suppression": "числа точны; от 1 до 4 – знак «…»; тем же знаком скрыты числа, по которым их можно вычислить"}
VALUE_FIELDS = ({"name": "value", "title": "Детей, как показано: число, «1–4» или «…»", "type": "string"},
                {"name": "value_from", "title": "Не меньше", "type": "integer"},
                {"name": "value_to", "title": "Не больше (пусто – не ограничено)", "type": "integer"})


@dataclass(frozen=True, kw_only=True)
class Compared:
    """An earlier release that this one was audited with: its name and the SHA-256 of its data package."""

    name: str
    sha256: str


def files(release: Release, made: Publication, compared: Sequence[Compared], narrowest: float | None) -> dict[str, bytes]:
    """Contents of every file by name."""
    tables = {f"{table.name}.csv": _csv(table, release) for universe in release.universes for table in universe.tables}
    audit = _json({"release": release.name, "passed": True, "rules": asdict(release.rules), "compared": [asdict(one) for one in compared],
                   "narrowest_interval_at_least": None if narrowest is None else int(narrowest),
                   "tables": {table.name: tallied(table, release.rules) for universe in release.universes for table in universe.tables}})
    others = tables | {AUDIT: audit, PASSPORT: _passport(release, made)}
    return others | {PACKAGE: _json(_package(release, made, others))}


def sha256(content: bytes) -> str:
    """The digest of one file."""
    return hashlib.sha256(content).hexdigest()


def _json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _csv(table: Shown, release: Release) -> bytes:
    index = pd.MultiIndex.from_product([(*values, TOTAL) for _, values in table.axes])
    rows = [(*cell, symbol(low, high, table.method, release.rules), int(low), None if math.isinf(high) else int(high))
            for cell, low, high in zip(index, table.lower.ravel().tolist(), table.upper.ravel().tolist(), strict=True)]
    return spreadsheet.written([*(name for name, _ in table.axes), "value", "value_from", "value_to"], rows)


def _package(release: Release, made: Publication, others: dict[str, bytes]) -> dict[str, Any]:
    """Frictionless data package: what the files are, and what an audit needs to know beside their cells."""
    return {
        "profile": "tabular-data-package", "name": made.name, "title": made.title, "version": release.name, "created": release.as_of.isoformat(),
        "resources": [_resource(table, made, others[f"{table.name}.csv"], universe.name) for universe in release.universes for table in universe.tables],
        "files": {name: {"sha256": sha256(content), "bytes": len(content)} for name, content in sorted(others.items())},
        "release": {"version": release.version, "as_of": release.as_of.isoformat(), "rules": asdict(release.rules),
                    "declaration_version": made.declaration_version,
                    "universes": [{"name": one.name, "title": one.title, "day": one.day.isoformat(), "same_within_days": one.same_within_days}
                                  for one in release.universes]}}


def _resource(table: Shown, made: Publication, content: bytes, universe: str) -> dict[str, Any]:
    fields = [*({"name": name, "title": made.dimensions[name].title, "type": "string"} for name, _ in table.axes), *VALUE_FIELDS]
    return {"name": table.name, "title": table.title, "path": f"{table.name}.csv", "profile": "tabular-data-resource", "encoding": "utf-8",
            "bytes": len(content), "hash": f"sha256:{sha256(content)}", "dialect": {"delimiter": ";", "doubleQuote": True, "lineTerminator": "\r\n"},
            "schema": {"fields": fields, "missingValues": [""]}, "description": f"{METHOD_TITLES[table.method]}. «…» – не меньше одного ребёнка.",
            "universe": universe, "cube": table.cube, "method": table.method}


def _passport(release: Release, made: Publication) -> bytes:
    least, most = release.rules.small
    lines = [("Набор", made.title), ("Выпуск", release.name), ("Дата данных", f"{release.as_of:%d.%m.%Y}"), ("Версия реестра", str(release.version)),
             ("Формат", "CSV, UTF-8 с меткой порядка байтов, разделитель – точка с запятой; описание столбцов – datapackage.json"),
             ("Защита", f"числа от {least} до {most} не восстанавливаются: между наименьшим и наибольшим возможным значением не меньше {release.rules.width}"),
             ("Не складывать", "показанные числа округлены или скрыты: итоги даны отдельными строками «Всего»")]
    for universe in release.universes:
        lines += [(f"Таблица {table.name}.csv", f"{table.title}; {universe.title}, на {universe.day:%d.%m.%Y}; {METHOD_TITLES[table.method]}")
                  for table in universe.tables]
    return spreadsheet.written(("Свойство", "Значение"), lines)
