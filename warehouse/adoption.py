"""Finds adoptions in a load and seals the time before in the same transaction: no moment shows both."""

# ruff: noqa: S608  every name below comes from the declarations

from __future__ import annotations

import logging

from sqlalchemy import Connection

from schemas.warehouse import OPEN
from warehouse import built
from warehouse.rekey import open_parting, part
from warehouse.seal import GROUND, close_pupils, forget_keys, seal_answers

log = logging.getLogger(__name__)

ACTS = "zags_births"
_NUMBERS = ("snils", "birth_certificate")
_NAMES = ("family_name", "given_name")
_MOTHER = ("mother_family_name", "mother_given_name", "mother_patronymic", "mother_birth_date", "mother_snils")


def _plain(row: str, name: str) -> str:
    return f"translate({row}.{name}, 'Ё', 'Е')"


def _same_names(one: str, other: str) -> str:
    return " AND ".join(f"{_plain(one, name)} = {_plain(other, name)}" for name in _NAMES)


def _is_former(other: str, old: str, new: str) -> str:
    """`other` says both names of `old`; or one of those that changed, with the same birth date: then it is misspelt, or half corrected."""
    parts = " OR ".join(f"{_plain(old, name)} <> {_plain(new, name)} AND {_plain(other, name)} = {_plain(old, name)}" for name in _NAMES)
    return f"coalesce(({_same_names(other, old)}) OR {other}.birth_date = {old}.birth_date AND ({parts}), false)"


def _no_mother(row: str) -> str:
    return f"num_nonnulls({', '.join(f'{row}.{name}' for name in _MOTHER)}) = 0"


_OTHER_NAME = " OR ".join(f"{_plain('old', name)} <> {_plain('new', name)}" for name in _NAMES)
_OTHER_MOTHER = f"""(old.mother_given_name <> new.mother_given_name AND (old.mother_birth_date <> new.mother_birth_date OR old.mother_snils <> new.mother_snils
        OR num_nonnulls(old.mother_birth_date, new.mother_birth_date) < 2 AND old.mother_family_name <> new.mother_family_name)
    OR ({_no_mother('old')}) <> ({_no_mother('new')}))"""
"""Another woman, not one whose name was misspelt: her given name and one thing more differ; or there was none, or is none any more."""


class Adoptions:
    """The adoptions in one load of persons: `incoming` are its rows, `outcome` what becomes of them."""

    def __init__(self, connection: Connection, source: str, incoming: str, outcome: str, version: int) -> None:
        self._run = connection.exec_driver_sql
        self._connection, self._source, self._incoming, self._outcome, self._version = connection, source, incoming, outcome, version

    def part(self) -> int:
        """Before the rows are written: give those that speak of the time after an adoption a record of their own. Returns how many.

        A new version of a birth act with another name and another mother; a sealed record whose sender now says the name of its successor.
        """
        is_act = "true" if self._source == ACTS else "false"
        if self._source != ACTS and not self._is_any():
            return 0
        self._run(f"""CREATE TEMPORARY TABLE adopted ON COMMIT DROP AS
            SELECT outcome."row", old.record_id, new.family_name, new.given_name, seal.record_id IS NULL AS is_new
            FROM {self._outcome} AS outcome JOIN {self._incoming} AS new USING ("row") JOIN identity.person_record AS old USING (record_id)
            LEFT JOIN identity.seal ON seal.record_id = old.record_id AND seal.lifted_version IS NULL
            LEFT JOIN identity.person_record AS after ON after.record_id = seal.successor_record_id AND after.version_to = {OPEN}
            WHERE outcome.outcome = 'loaded' AND outcome.existed AND old.version_to = {OPEN} AND ({_OTHER_NAME})
              AND (({_same_names('new', 'after')}) OR {is_act} AND seal.record_id IS NULL AND {_OTHER_MOTHER})""")
        found = int(self._run("SELECT count(*) FROM adopted").scalar_one())
        if found:
            self._hide()
        self._run("DROP TABLE adopted")
        return found

    def seal_known(self) -> None:
        """After the rows were written: seal those that speak of a sealed identity by its names and a number, or answer a question about it."""
        if not self._is_any():
            return
        numbers = " OR ".join(f"new.{column} = old.{column}" for column in _NUMBERS)
        sealed = self._run(f"""INSERT INTO identity.seal (record_id, successor_record_id, ground, sealed_by, created_version)
            SELECT DISTINCT ON (outcome.record_id) outcome.record_id, seal.successor_record_id, '{GROUND}', 'kontingent', {self._version} - 1
            FROM identity.seal JOIN identity.person_record AS old USING (record_id)
            LEFT JOIN identity.person_record AS after ON after.record_id = seal.successor_record_id AND after.version_to = {OPEN}
            JOIN {self._incoming} AS new ON ({numbers} OR new.asked_source = old.source AND new.asked_key = old.source_key)
                AND {_is_former('new', 'old', 'after')} AND NOT coalesce({_same_names('new', 'after')}, false)
            JOIN {self._outcome} AS outcome USING ("row")
            WHERE seal.lifted_version IS NULL AND outcome.outcome = 'loaded'
              AND NOT EXISTS (SELECT FROM identity.seal AS own WHERE own.record_id = outcome.record_id AND own.lifted_version IS NULL)
              AND NOT EXISTS (SELECT FROM identity.seal AS own WHERE own.successor_record_id = outcome.record_id AND own.lifted_version IS NULL)
            ORDER BY outcome.record_id, seal.successor_record_id ON CONFLICT (record_id, created_version) DO UPDATE SET lifted_version = NULL""").rowcount
        if sealed:
            built.forget(self._connection)

    def _is_any(self) -> bool:
        return bool(self._run("SELECT EXISTS (SELECT FROM identity.seal WHERE lifted_version IS NULL)").scalar())

    def _hide(self) -> None:
        """Seal the adopted acts and all records of their children; what says the new name already goes on under a new record."""
        self._find_former()
        open_parting(self._connection)
        self._run("INSERT INTO parting SELECT record_id, true, false FROM adopted UNION SELECT record_id, is_after, is_after FROM former "
                  "WHERE (is_after OR is_gone) AND record_id NOT IN (SELECT record_id FROM adopted)")
        part(self._connection, self._version)
        self._run(f"""INSERT INTO identity.seal (record_id, successor_record_id, ground, sealed_by, created_version)
            SELECT former.record_id, min(act.successor_record_id), '{GROUND}', 'kontingent', {self._version} - 1
            FROM former JOIN parting AS act ON act.record_id = former.act_id
            WHERE former.record_id NOT IN (SELECT record_id FROM identity.seal WHERE lifted_version IS NULL) GROUP BY former.record_id
            ON CONFLICT (record_id, created_version) DO UPDATE SET lifted_version = NULL""")
        seal_answers(self._connection, self._version)
        self._run("UPDATE identity.seal SET successor_record_id = parting.successor_record_id FROM parting WHERE seal.successor_record_id = parting.record_id")
        close_pupils(self._connection, self._version - 1)
        forget_keys(self._connection)
        built.forget(self._connection)
        self._run(f"""UPDATE {self._outcome} AS outcome SET record_id = parting.successor_record_id, existed = false
            FROM adopted JOIN parting USING (record_id) WHERE adopted."row" = outcome."row" """)
        log.info("%d records were sealed on the ground of a new version of an act", self._run("SELECT count(*) FROM former").scalar_one())

    def _find_former(self) -> None:
        """The acts, what is linked with them, and what once was or bears one of their numbers, if it speaks of the child before or after."""
        self._run(f"""CREATE TEMPORARY TABLE act ON COMMIT DROP AS
            SELECT old.*, adopted.family_name AS new_family_name, adopted.given_name AS new_given_name, link.pupil_id
            FROM adopted JOIN identity.person_record AS old ON old.record_id = adopted.record_id AND old.version_to = {OPEN}
            LEFT JOIN identity.link ON link.record_id = adopted.record_id AND link.version_to = {OPEN} WHERE adopted.is_new""")
        self._run(f"""CREATE TEMPORARY TABLE near ON COMMIT DROP AS
            SELECT act.record_id AS act_id, link.record_id, bool_or(link.version_to = {OPEN}) AS is_linked
            FROM act JOIN identity.link ON link.pupil_id = act.pupil_id GROUP BY 1, 2""")
        for column, other in (*((name, name) for name in _NUMBERS), ("source_key", "birth_act_number")):
            self._run(f"INSERT INTO near SELECT DISTINCT act.record_id, other.record_id, false FROM act JOIN identity.person_record AS other "
                      f"ON other.{other} = act.{column}")
        self._run(f"""CREATE TEMPORARY TABLE former ON COMMIT DROP AS
            SELECT near.act_id, near.record_id, bool_and(NOT said.is_open) AS is_gone,
                bool_or(near.record_id <> near.act_id AND said.is_open AND coalesce({_same_names('said', 'after')}, false)) AS is_after
            FROM near JOIN act ON act.record_id = near.act_id
            CROSS JOIN LATERAL (SELECT act.new_family_name AS family_name, act.new_given_name AS given_name) AS after
            CROSS JOIN LATERAL (SELECT version.*, version.version_to = {OPEN} AS is_open FROM identity.person_record AS version
                WHERE version.record_id = near.record_id ORDER BY version_from DESC LIMIT 1) AS said
            WHERE near.is_linked OR {_is_former('said', 'act', 'after')} OR coalesce({_same_names('said', 'after')}, false)
            GROUP BY near.act_id, near.record_id""")
        self._run("INSERT INTO former SELECT record_id, record_id, false, false FROM act WHERE record_id NOT IN (SELECT record_id FROM former)")
