"""Loads code lists (`schemas/codes/*.csv`) with the fingerprint of their file, and the dimensions made of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, text

from warehouse import bulk
from warehouse.versions import current_version, serialise

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "codes"
DIMENSIONS = {"subjects": "core.subject", "periods": "core.period", "programmes": "core.programme"}
COLUMNS: bulk.Columns = {"code": "text", "name": "text", "attributes": "json"}


def load(connection: Connection, folder: Path = FOLDER) -> list[str]:
    """Load every list whose file changed, as the owner; returns their names. A file's first column is the code, its second the name."""
    serialise(connection)
    return [file.stem for file in sorted(folder.glob("*.csv")) if _load(connection, file)]


def _load(connection: Connection, file: Path) -> bool:
    one = {"list": file.stem, "sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "version": current_version(connection)}
    if connection.execute(text("SELECT sha256 FROM codes.code_list WHERE code_list = :list"), one).scalar() == one["sha256"]:
        return False
    bulk.fill(connection, "listed", _rows(file), COLUMNS)
    connection.execute(text("DELETE FROM codes.code WHERE code_list = :list"), one)
    connection.execute(text("INSERT INTO codes.code (code_list, code, name, attributes) "
                            "SELECT DISTINCT ON (code, name) :list, code, name, attributes FROM listed ORDER BY code, name"), one)
    connection.execute(text("INSERT INTO codes.code_list (code_list, sha256, version) VALUES (:list, :sha256, :version) "
                            "ON CONFLICT (code_list) DO UPDATE SET sha256 = excluded.sha256, version = excluded.version"), one)
    _fill_dimension(connection, file.stem)
    connection.execute(text("DROP TABLE listed"))
    return True


def _rows(file: Path) -> pa.Table:
    read = pd.read_csv(file, dtype="str", keep_default_na=False)
    code, name, *others = read.columns
    attributes = read[others].to_json(orient="records", lines=True, force_ascii=False).splitlines() if others else ["{}"] * len(read)
    return pa.Table.from_pandas(pd.DataFrame({"code": read[code], "name": read[name], "attributes": attributes}), preserve_index=False)


def _fill_dimension(connection: Connection, name: str) -> None:
    if name == "municipalities":
        connection.execute(text("DELETE FROM core.municipality"))
        connection.execute(text("INSERT INTO core.municipality (oktmo, name, kind, oktmo_is_confirmed, tile_row, tile_column) "
                                "SELECT code, name, attributes ->> 'kind', (attributes ->> 'oktmo_is_confirmed') = 'yes', "
                                "(attributes ->> 'tile_row')::bigint, (attributes ->> 'tile_column')::bigint FROM listed"))
    elif name in DIMENSIONS:
        connection.execute(text(f"DELETE FROM {DIMENSIONS[name]}"))  # noqa: S608
        connection.execute(text(f"INSERT INTO {DIMENSIONS[name]} (code, name, attributes) "  # noqa: S608
                                "SELECT DISTINCT ON (code) code, name, attributes FROM listed ORDER BY code"))
