"""Decides what becomes of each incoming row of one entity, and writes it: all by SQL over a temporary table."""

# ruff: noqa: S608  every name below comes from the declarations

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from schemas.rules import RULES
from schemas.tables import FACTS, Table
from schemas.warehouse import OPEN, TARGETS, VERSIONS
from warehouse.adoption import Adoptions
from warehouse.statistics import refresh_grown
from warehouse.swapped import move_keys


@dataclass
class Counts:
    """Rows of one entity by outcome; `withdrawn` rows were not in the delivery."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    refused: int = 0
    withdrawn: int = 0

    @property
    def loaded(self) -> int:
        return self.created + self.updated

    @property
    def received(self) -> int:
        return self.loaded + self.unchanged + self.superseded + self.refused


class Incoming:
    """The rows of one entity of one delivery on their way into `version`; `overtaken` = a later delivery of the source is in.

    `is_renumbered`: the keys in `quality.swapped_key` denote other children from now on.
    """

    def __init__(self, connection: Connection, table: Table, delivery: dict[str, Any], version: int, overtaken: bool,
                 is_renumbered: bool = False) -> None:
        self._is_renumbered = is_renumbered
        self._connection = connection
        self._table = table
        self._target = TARGETS[table.name].full_name
        self._incoming = f"incoming_{table.name}"
        self._outcome = f"outcome_{table.name}"
        self._overtaken = overtaken
        self._parameters = {"source": delivery["source"], "received_at": delivery["received_at"], "delivery_id": delivery["delivery_id"],
                            "version": version, "open": OPEN, "entity": table.name}

    def load(self) -> Counts:
        """Take what is laid out of the delivery, decide, write; `refused` counts those of here only."""
        names = ", ".join(f'"{name}"' for name in self._table.columns)
        self._run(f"""CREATE TEMPORARY TABLE {self._incoming} ON COMMIT DROP AS
            SELECT "row", {names} FROM staging.{self._table.name} WHERE delivery_id = %(delivery_id)s""")
        self._run(f"ANALYZE {self._incoming}")
        counts = Counts()
        if self._table.name == "person" and self._is_renumbered:
            move_keys(self._connection, self._parameters["delivery_id"], self._parameters["source"], self._parameters["version"])
        self._decide()
        counts.refused += self._refuse_unknown()
        adoptions = Adoptions(self._connection, self._parameters["source"], self._incoming, self._outcome, self._parameters["version"])
        if self._table.name == "person":
            adoptions.part()
        for outcome, existed, rows in self._run(f"SELECT outcome, existed, count(*) FROM {self._outcome} GROUP BY 1, 2").tuples().all():
            name = ("updated" if existed else "created") if outcome == "loaded" else outcome
            if name != "refused":
                setattr(counts, name, getattr(counts, name) + rows)
        self._write()
        if self._table.name == "person":
            adoptions.seal_known()
        self._tell_planner(counts.loaded)
        if "organisation_key" in self._table.columns:
            counts.withdrawn = self._withdraw()
        return counts

    def _decide(self) -> None:
        record_key = "person_key" if self._table.name in FACTS else "source_key"
        same_child = "AND current.record_id = record.record_id" if self._table.name in FACTS else ""
        self._run(f"""CREATE TEMPORARY TABLE {self._outcome} ON COMMIT DROP AS
            SELECT incoming."row", incoming.source_key, current.source_key IS NOT NULL AS existed, record.record_id, CASE
                WHEN incoming.place > 1 OR current.sequence > incoming.sequence {self._stale()} THEN 'superseded'
                {"WHEN record.record_id IS NULL THEN 'refused'" if self._table.name in FACTS else ""}
                WHEN current.record_hash = incoming.record_hash {same_child} THEN 'unchanged'
                ELSE 'loaded' END AS outcome
            FROM (SELECT *, row_number() OVER (PARTITION BY source_key ORDER BY sequence DESC, "row" DESC) AS place FROM {self._incoming}) AS incoming
            LEFT JOIN {self._target} AS current
                ON current.source = %(source)s AND current.source_key = incoming.source_key AND current.version_to = {OPEN}
            LEFT JOIN identity.source_record AS record ON record.source = %(source)s AND record.source_key = incoming.{record_key}""")
        self._run(f"ANALYZE {self._outcome}")

    def _stale(self) -> str:
        """A delivery that comes late must not undo what the sender said after it."""
        if not self._overtaken:
            return ""
        later = f"OR {self._in_scope('later_scope', 'incoming')}" if "organisation_key" in self._table.columns else ""
        return f"""OR (current.sequence = incoming.sequence AND current.record_hash <> incoming.record_hash
            AND (SELECT received_at FROM quality.delivery WHERE delivery_id = current.delivery_id) > %(received_at)s) {later}"""

    def _refuse_unknown(self) -> int:
        if self._table.name not in FACTS:
            return 0
        rule = RULES[f"{self._table.name}.person_unknown"]
        return self._change(f"""INSERT INTO refused (entity, position, source_key, rule, rule_version)
            SELECT %(entity)s, position, source_key, '{rule.id}', {rule.version}
            FROM {self._outcome} JOIN {self._incoming} USING ("row", source_key) WHERE outcome = 'refused'""")

    def _write(self) -> None:
        if self._table.name == "person":
            outcomes = "'loaded', 'superseded'" if self._overtaken else "'loaded'"  # facts of who was withdrawn since must find their record, too
            self._run(f"""INSERT INTO identity.source_record (source, source_key) SELECT %(source)s, source_key FROM {self._outcome}
                WHERE outcome IN ({outcomes}) AND record_id IS NULL GROUP BY source_key ORDER BY min("row")""")
            self._run(f"""UPDATE {self._outcome} AS outcome SET record_id = record.record_id FROM identity.source_record AS record
                WHERE outcome.record_id IS NULL AND outcome.outcome = 'loaded' AND record.source = %(source)s AND record.source_key = outcome.source_key""")
        self._run(f"""UPDATE {self._target} AS current SET version_to = %(version)s FROM {self._outcome} AS outcome
            WHERE outcome.outcome = 'loaded' AND outcome.existed
              AND current.source = %(source)s AND current.source_key = outcome.source_key AND current.version_to = {OPEN}""")
        self._run(f"""UPDATE {self._target} AS current SET sequence = incoming.sequence
            FROM {self._outcome} AS outcome JOIN {self._incoming} AS incoming USING ("row")
            WHERE outcome.outcome = 'unchanged' AND current.source = %(source)s AND current.source_key = outcome.source_key
              AND current.version_to = {OPEN} AND current.sequence < incoming.sequence""")
        columns, values = self._columns()
        self._run(f"""INSERT INTO {self._target} ({columns})
            SELECT {values} FROM {self._outcome} AS outcome JOIN {self._incoming} AS incoming USING ("row")
            WHERE outcome.outcome = 'loaded' ORDER BY outcome.record_id, "row" """)

    def _tell_planner(self, loaded: int) -> None:
        """A table that grew by a tenth, or a source whose rows doubled in it, is planned for as it was: the next delivery would be joined row by row."""
        before = int(self._run("SELECT coalesce(sum(line.loaded), 0) FROM quality.delivery_entity AS line JOIN quality.delivery USING (delivery_id) "
                               "WHERE source = %(source)s AND entity = %(entity)s").scalar() or 0)
        doubled = (before + loaded).bit_length() > before.bit_length()
        relations = (self._target, "identity.source_record") if self._table.name == "person" else (self._target,)
        refresh_grown(self._connection, relations, loaded, always=doubled)

    def _columns(self) -> tuple[str, str]:
        named = {"source": "%(source)s", "delivery_id": "CAST(%(delivery_id)s AS uuid)", "record_id": "outcome.record_id",
                 VERSIONS[0]: "%(version)s", VERSIONS[1]: str(OPEN)}
        columns = TARGETS[self._table.name].columns
        return ", ".join(f'"{name}"' for name in columns), ", ".join(named.get(name, f'incoming."{name}"') for name in columns)

    def _withdraw(self) -> int:
        """Close what the sender no longer has; what it still has but was refused stays as it was."""
        fresh = f"""AND NOT {self._in_scope('later_scope', 'current')} AND NOT EXISTS (SELECT FROM quality.delivery
            WHERE delivery.delivery_id = current.delivery_id AND delivery.received_at > %(received_at)s)""" if self._overtaken else ""
        return self._change(f"""UPDATE {self._target} AS current SET version_to = %(version)s
            WHERE current.source = %(source)s AND current.version_to = {OPEN} AND current.version_from < %(version)s
              AND current.organisation_key IN (SELECT organisation_key FROM scope WHERE entity = %(entity)s)
              AND {self._in_scope('scope', 'current')}
              AND NOT EXISTS (SELECT FROM {self._incoming} AS incoming WHERE incoming.source_key = current.source_key)
              AND NOT EXISTS (SELECT FROM refused WHERE refused.entity = %(entity)s AND refused.source_key = current.source_key) {fresh}""")

    def _in_scope(self, scope: str, row: str) -> str:
        dated = f"""AND (scope.date_from IS NULL OR {row}.lesson_date >= scope.date_from)
            AND (scope.date_to IS NULL OR {row}.lesson_date <= scope.date_to)""" if "lesson_date" in self._table.columns else ""
        return f"EXISTS (SELECT FROM {scope} AS scope WHERE scope.entity = %(entity)s AND scope.organisation_key = {row}.organisation_key {dated})"

    def _change(self, statement: str) -> int:
        return int(self._run(statement).rowcount)

    def _run(self, statement: str) -> Any:
        return self._connection.exec_driver_sql(statement, self._parameters)
