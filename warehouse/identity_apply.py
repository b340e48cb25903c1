"""Writes what linking decided: only the differences, versioned; ids that were given stay for ever."""

# ruff: noqa: S608  every name below comes from the declarations

from __future__ import annotations

import logging
from typing import Protocol

import pyarrow as pa
from sqlalchemy import Connection

from schemas.errors import KontingentError
from schemas.warehouse import OPEN, RELATIONS
from warehouse import bulk, identity_feed, identity_ids
from warehouse.engine import engine, without_values
from warehouse.identity_scope import Touched
from warehouse.neighbourhood import keep_keys
from warehouse.seal import close_pupils
from warehouse.statistics import expect_few, refresh_grown
from warehouse.versions import current_version, serialise, write_version

log = logging.getLogger(__name__)

LINK: bulk.Columns = {"record_id": "integer", "pupil_id": "integer", "rule": "text", "weight": "decimal", "evidence_record_id": "integer", "status": "text"}
REVIEW: bulk.Columns = {"record_id": "integer", "candidate_pupil_id": "integer", "candidate_record_id": "integer", "weight": "decimal", "reasons": "json"}
WRITTEN = ("identity.link", "identity.link_key", "identity.pupil", "identity.review", "core.pupil", "core.pupil_cell")
SMALL = 1_000
"""Rows below which any plan is quick, so that statistics are not worth their time."""
REDIRECT: bulk.Columns = {"pupil_id": "integer", "redirect_to": "integer"}


class Links(Protocol):
    """`transforms.linkage.LinkResult`."""

    @property
    def links(self) -> pa.Table: ...
    @property
    def reviews(self) -> pa.Table: ...
    @property
    def redirects(self) -> pa.Table: ...


class Golden(Protocol):
    """`transforms.linkage.Golden`."""

    @property
    def pupils(self) -> pa.Table: ...
    @property
    def cells(self) -> pa.Table: ...


class Overtaken(KontingentError):
    """Another linking was written since this one read: read and link again."""


def apply(result: Links, golden: Golden, touched: Touched) -> tuple[int, int]:
    """Bring links, reviews, redirects, golden records and cells of the touched records to the result.

    Negative pupil ids are new ones. Returns (version, rows written); the version is the latest one when nothing differs. Raises Overtaken.
    """
    with without_values(), engine().begin() as connection:
        serialise(connection)
        latest = current_version(connection)
        if max(_last_base(connection), _last_link(connection)) > touched.version:
            raise Overtaken("link.overtaken", f"version {touched.version} was linked again meanwhile")
        if not touched.everything:
            expect_few(connection)
        written = _Writer(connection, touched, latest + 1).write(result, golden)
        keep_keys(connection, touched)
        if written > SMALL:
            refresh_grown(connection, WRITTEN, written // len(WRITTEN))
        if written or _last_base(connection) == 0:
            as_of = connection.exec_driver_sql("SELECT max(as_of) FROM quality.version").scalar()
            write_version(connection, latest := latest + 1, "link", as_of, base=touched.version)
        else:
            connection.exec_driver_sql("UPDATE quality.version SET base_version = %(base)s WHERE version = (SELECT max(version) FROM quality.version "
                                       "WHERE kind = 'link')", {"base": touched.version})
    log.info("version %d: %d rows of identity written", latest, written)
    return latest, written


def _last_link(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT coalesce(max(version), 0) FROM quality.version WHERE kind = 'link'").scalar_one())


def _last_base(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT coalesce(max(base_version), 0) FROM quality.version WHERE kind = 'link'").scalar_one())


class _Writer:
    """One application; every statement sees temporary tables `new_*` with final pupil ids."""

    def __init__(self, connection: Connection, touched: Touched, version: int) -> None:
        self._connection = connection
        self._version = version
        self._touched = touched
        self._written = 0

    def write(self, result: Links, golden: Golden) -> int:
        """Rows of core and identity that were closed or made."""
        self._in_scope = self._touched.choose(self._connection, "old.record_id")
        bulk.fill(self._connection, "new_link", result.links, LINK)
        bulk.fill(self._connection, "new_review", result.reviews, REVIEW)
        bulk.fill(self._connection, "new_redirect", result.redirects, REDIRECT)
        for name, rows in (("pupil", golden.pupils), ("pupil_cell", golden.cells)):
            bulk.fill(self._connection, f"new_{name}", rows, self._columns(f"core.{name}"))
        self._number()
        self._links()
        self._reviews()
        self._written += identity_ids.redirect(self._connection, self._version)
        close_pupils(self._connection, self._version - 1)
        identity_feed.tell(self._connection, self._version)
        self._mine()
        self._golden("pupil", ("pupil_id",))
        self._golden("pupil_cell", ("pupil_id", "field"))
        return self._written

    def _number(self) -> None:
        """Give each draft the id it gets back or a new one; drafts are negative, in the order -1, -2, …"""
        identity_ids.number(self._connection, self._version)
        for table, column in (("new_link", "pupil_id"), ("new_review", "candidate_pupil_id"), ("new_redirect", "redirect_to"),
                              ("new_pupil", "pupil_id"), ("new_pupil_cell", "pupil_id")):
            self._run(f"UPDATE {table} AS new SET {column} = number.pupil_id FROM number WHERE new.{column} = number.draft")
            self._run(f"ANALYZE {table}")

    def _links(self) -> None:
        """Close links that are gone or go elsewhere, and write the new ones; `moved` has every record whose link differs."""
        self._run(f"""CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
            SELECT coalesce(old.record_id, new.record_id) AS record_id, old.pupil_id AS from_pupil_id, new.pupil_id AS to_pupil_id,
                old.record_id IS NOT NULL AS was, new.record_id IS NOT NULL AS becomes
            FROM (SELECT * FROM identity.link AS old WHERE old.version_to = {OPEN} AND {self._in_scope}) AS old
            FULL JOIN new_link AS new ON new.record_id = old.record_id
            WHERE (old.pupil_id, old.rule, old.weight, old.evidence_record_id, old.link_status)
                IS DISTINCT FROM (new.pupil_id, new.rule, new.weight, new.evidence_record_id, new.status)""")
        self._run("ANALYZE moved")
        self._count("UPDATE identity.link AS old SET version_to = %(version)s FROM moved "
                    f"WHERE moved.was AND old.record_id = moved.record_id AND old.version_to = {OPEN}")
        self._count(f"""INSERT INTO identity.link (record_id, pupil_id, rule, weight, evidence_record_id, link_status, version_from, version_to)
            SELECT record_id, pupil_id, rule, weight, evidence_record_id, status, %(version)s, {OPEN}
            FROM new_link WHERE record_id IN (SELECT record_id FROM moved WHERE becomes) ORDER BY pupil_id, record_id""")

    def _reviews(self) -> None:
        same = """old.record_id = new.record_id AND old.candidate_pupil_id IS NOT DISTINCT FROM new.candidate_pupil_id
            AND old.candidate_record_id IS NOT DISTINCT FROM new.candidate_record_id
            AND old.weight IS NOT DISTINCT FROM new.weight AND old.reasons = new.reasons"""
        self._count(f"""UPDATE identity.review AS old SET version_to = %(version)s
            WHERE old.version_to = {OPEN} AND {self._in_scope} AND NOT EXISTS (SELECT FROM new_review AS new WHERE {same})""")
        self._count(f"""INSERT INTO identity.review (record_id, candidate_pupil_id, candidate_record_id, weight, reasons, version_from, version_to)
            SELECT record_id, candidate_pupil_id, candidate_record_id, weight, reasons, %(version)s, {OPEN} FROM new_review AS new
            WHERE NOT EXISTS (SELECT FROM identity.review AS old WHERE old.version_to = {OPEN} AND {same}) ORDER BY record_id, candidate_pupil_id""")

    def _mine(self) -> None:
        """Make `mine`: the pupils whose golden rows this linking answers for."""
        self._run("CREATE TEMPORARY TABLE mine ON COMMIT DROP AS SELECT pupil_id FROM new_link UNION SELECT from_pupil_id FROM moved "
                  "WHERE from_pupil_id IS NOT NULL")
        self._run("ANALYZE mine")

    def _golden(self, name: str, key: tuple[str, ...]) -> None:
        """Write golden rows that differ; close those of pupils that hold no record any more, and of the touched ones not given."""
        columns = list(self._columns(f"core.{name}"))
        keys = " AND ".join(f"old.{column} = new.{column}" for column in key)
        old, new = (", ".join(f"{side}.{column}" for column in columns) for side in ("old", "new"))
        mine = "TRUE" if self._touched.everything else "old.pupil_id IN (SELECT pupil_id FROM mine)"
        self._run(f"""UPDATE new_{name} AS new SET "row" = -1 FROM core.{name} AS old
            WHERE old.version_to = {OPEN} AND {keys} AND ({old}) IS NOT DISTINCT FROM ({new})""")
        self._run(f"ANALYZE new_{name}")
        self._count(f"""UPDATE core.{name} AS old SET version_to = %(version)s WHERE old.version_to = {OPEN} AND {mine}
            AND NOT EXISTS (SELECT FROM new_{name} AS new WHERE {keys} AND new."row" = -1)""")
        self._count(f"""INSERT INTO core.{name} ({', '.join(columns)}, version_from, version_to)
            SELECT {', '.join(columns)}, %(version)s, {OPEN} FROM new_{name} WHERE "row" >= 0 ORDER BY {', '.join(key)}""")

    def _columns(self, table: str) -> bulk.Columns:
        relation = RELATIONS[table]
        return {column: relation.field(column).type for column in relation.columns if not column.startswith("version_")}

    def _run(self, statement: str) -> int:
        return self._connection.exec_driver_sql(statement, {"version": self._version}).rowcount

    def _count(self, statement: str) -> None:
        self._written += self._run(statement)
