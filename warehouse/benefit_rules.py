"""Puts the benefit rules (`schemas/benefits/*.yaml`) into the code list `benefits`, with the fingerprint of their files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from sqlalchemy import Connection, text

from schemas import benefit_rules
from warehouse.versions import current_version, serialise

CODE_LIST = "benefits"


def load(connection: Connection, folder: Path = benefit_rules.FOLDER) -> int:
    """Load all rules when a file changed, as the owner; returns how many versions of rules were written, 0 when nothing changed."""
    rules = benefit_rules.read(folder)
    serialise(connection)
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(folder.glob("*.yaml")))).hexdigest()
    one = {"list": CODE_LIST, "sha256": digest, "version": current_version(connection)}
    if connection.execute(text("SELECT sha256 FROM codes.code_list WHERE code_list = :list"), one).scalar() == digest:
        return 0
    connection.execute(text("DELETE FROM codes.code WHERE code_list = :list"), one)
    connection.execute(
        text("INSERT INTO codes.code (code_list, code, name, attributes) VALUES (:list, :code, :name, CAST(:attributes AS jsonb))"),
        [{"list": CODE_LIST, "code": rule.benefit, "name": f"{rule.title}, редакция {rule.version}",
          "attributes": json.dumps(rule.attributes, ensure_ascii=False)} for rule in rules])
    connection.execute(text("INSERT INTO codes.code_list (code_list, sha256, version) VALUES (:list, :sha256, :version) "
                            "ON CONFLICT (code_list) DO UPDATE SET sha256 = excluded.sha256, version = excluded.version"), one)
    return len(rules)
