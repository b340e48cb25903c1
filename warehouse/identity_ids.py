"""Which id a pupil has: an id that was given stays for ever, comes back to its records when they part again, and else leads to who holds them."""

# ruff: noqa: S608  names and numbers of our own

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, text

from schemas.warehouse import OPEN
from warehouse.engine import engine, without_values


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """Where an id leads: `state` is living, empty (all its records are gone) or unknown (never given; then `pupil_id` is None)."""

    pupil_id: int | None
    state: str


def resolve(pupil_id: int, version: int | None = None, *, role: str = "auditor") -> Resolved:
    """Where an id, given at any time, leads at a version (the latest one when not named)."""
    with without_values(), engine(role).connect() as connection:
        return Resolved(**connection.execute(text("SELECT * FROM identity.resolve_at(:pupil_id, :version)"),
                                             {"pupil_id": pupil_id, "version": OPEN if version is None else version}).mappings().one())


def pupils_of(records: Collection[int]) -> list[int]:
    """The pupils these records belong to now, in order."""
    with without_values(), engine("steward").connect() as connection:
        return list(connection.execute(text("SELECT DISTINCT pupil_id FROM identity.link WHERE record_id = ANY(:records) AND version_to = :open ORDER BY 1"),
                                       {"records": list(records), "open": OPEN}).scalars())


def number(connection: Connection, version: int) -> None:
    """Make `number` (draft, pupil_id): the id of each negative draft of `new_link`; new ones are written to identity.pupil.

    Of a pupil divided again the part that came with a merged id goes back to that id and the pupil's own part keeps the pupil's
    (then `draft` is a positive id, too). Other parts get back the dead id their records were the last to hold, also where they join a pupil
    that was numbered only since. The rest is numbered anew.
    """
    run = connection.exec_driver_sql
    run("CREATE TEMPORARY TABLE number (draft bigint PRIMARY KEY, pupil_id bigint UNIQUE) ON COMMIT DROP")
    for statement in (_LEAVER, "ANALYZE leaver", _DEAD, _EXCHANGED, _FORMER):
        run(statement)
    while run(_GIVEN_BACK).rowcount:
        pass
    run("""WITH fresh AS (
            INSERT INTO number SELECT draft, nextval(pg_get_serial_sequence('identity.pupil', 'pupil_id'))
            FROM (SELECT DISTINCT pupil_id AS draft FROM new_link WHERE pupil_id < 0) AS every WHERE draft NOT IN (SELECT draft FROM number)
            ORDER BY draft DESC RETURNING pupil_id)
        INSERT INTO identity.pupil (pupil_id, created_version) OVERRIDING SYSTEM VALUE SELECT pupil_id, %(version)s FROM fresh""", {"version": version})


def redirect(connection: Connection, version: int) -> int:
    """Lead each dead id whose records moved to the pupil that holds its last records; an id that lives leads nowhere.

    For an id that died just now the linking's word (`new_redirect`) counts; an id dead before stays where it leads while a record of its own is there.
    When a record of it goes on, or is gone, it leads to who holds the rest; when none is left, it stays: no record told that they are two children.
    A redirect always leads to an id that lives in this version, so no circle can arise. Makes `led` (pupil_id, redirect_to); returns their number.
    """
    run = connection.exec_driver_sql
    run("UPDATE identity.pupil AS old SET redirect_to = NULL, redirect_version = NULL FROM new_link AS new "
        "WHERE old.pupil_id = new.pupil_id AND old.redirect_to IS NOT NULL")
    run(_LED, {"version": version})
    return run("UPDATE identity.pupil AS old SET redirect_to = led.redirect_to, redirect_version = %(version)s FROM led WHERE old.pupil_id = led.pupil_id",
               {"version": version}).rowcount


_DEAD = f"""
    CREATE TEMPORARY TABLE dead ON COMMIT DROP AS
    SELECT link.pupil_id, max(link.version_to) AS died FROM identity.link
    WHERE link.pupil_id IN (SELECT old.pupil_id FROM leaver JOIN identity.link AS old ON old.record_id = leaver.record_id WHERE old.version_to < {OPEN})
    GROUP BY link.pupil_id HAVING max(link.version_to) < {OPEN}"""

_LEAVER = f"""
    CREATE TEMPORARY TABLE leaver ON COMMIT DROP AS
    SELECT new.record_id, new.pupil_id AS part, now.pupil_id FROM new_link AS new
    LEFT JOIN identity.link AS now ON now.record_id = new.record_id AND now.version_to = {OPEN}
    WHERE now.pupil_id IS DISTINCT FROM new.pupil_id AND EXISTS (SELECT FROM identity.link AS known WHERE known.record_id = new.record_id)"""

_EXCHANGED = f"""
    WITH held AS (
        SELECT new.record_id, new.pupil_id AS part, now.pupil_id
        FROM (SELECT DISTINCT pupil_id FROM leaver WHERE part < 0) AS divided
        JOIN identity.link AS now ON now.pupil_id = divided.pupil_id AND now.version_to = {OPEN}
        JOIN new_link AS new ON new.record_id = now.record_id
    ), former AS (
        SELECT merged.pupil_id, merged.redirect_to, max(link.version_to) AS died FROM identity.pupil AS merged JOIN identity.link USING (pupil_id)
        WHERE merged.redirect_to IN (SELECT pupil_id FROM held) GROUP BY merged.pupil_id, merged.redirect_to
    ), part AS (
        SELECT former.pupil_id AS former, held.pupil_id, held.part, count(*) FILTER (WHERE was.pupil_id = held.pupil_id) AS own,
            count(*) FILTER (WHERE was.pupil_id = former.pupil_id) AS came
        FROM former JOIN held ON held.pupil_id = former.redirect_to
        LEFT JOIN identity.link AS was ON was.record_id = held.record_id AND was.version_from < former.died AND was.version_to >= former.died
        GROUP BY former.pupil_id, held.pupil_id, held.part
    ), exchanged AS (
        SELECT DISTINCT ON (kept.pupil_id) kept.pupil_id, kept.former, owner.part
        FROM part AS kept JOIN part AS owner ON owner.pupil_id = kept.pupil_id AND owner.former = kept.former
        WHERE kept.part = kept.pupil_id AND kept.own = 0 AND kept.came > 0 AND owner.part < 0 AND owner.own > 0
        ORDER BY kept.pupil_id, kept.came DESC, owner.own DESC, kept.former, owner.part DESC
    )
    INSERT INTO number SELECT pupil_id, former FROM exchanged UNION ALL SELECT part, pupil_id FROM exchanged"""

_FORMER = """
    CREATE TEMPORARY TABLE former ON COMMIT DROP AS
    SELECT leaver.part AS draft, dead.pupil_id, count(DISTINCT leaver.record_id) AS records, dead.died
    FROM leaver JOIN identity.link AS old ON old.record_id = leaver.record_id JOIN dead ON dead.pupil_id = old.pupil_id AND dead.died = old.version_to
    LEFT JOIN identity.pupil AS kept ON kept.pupil_id = leaver.part
    WHERE (leaver.part < 0 OR leaver.pupil_id IS NOT NULL AND kept.created_version >= dead.died)
        AND dead.pupil_id NOT IN (SELECT pupil_id FROM new_link)
    GROUP BY leaver.part, dead.pupil_id, dead.died"""

_GIVEN_BACK = """
    WITH free AS (
        SELECT * FROM former WHERE draft NOT IN (SELECT draft FROM number) AND pupil_id NOT IN (SELECT pupil_id FROM number)
    ), ranked AS (
        SELECT draft, pupil_id, row_number() OVER (PARTITION BY draft ORDER BY records DESC, died DESC, pupil_id) AS of_draft,
            row_number() OVER (PARTITION BY pupil_id ORDER BY records DESC, draft DESC) AS of_pupil
        FROM free
    )
    INSERT INTO number SELECT draft, pupil_id FROM ranked WHERE of_draft = 1 AND of_pupil = 1"""

_LED = f"""
    CREATE TEMPORARY TABLE led ON COMMIT DROP AS
    WITH dead AS (
        SELECT DISTINCT old.pupil_id FROM moved JOIN identity.link AS old ON old.record_id = moved.record_id
        WHERE moved.from_pupil_id IS DISTINCT FROM moved.to_pupil_id AND old.version_to < {OPEN}
            AND NOT EXISTS (SELECT FROM identity.link AS open WHERE open.pupil_id = old.pupil_id AND open.version_to = {OPEN})
    ), last AS (
        SELECT dead.pupil_id, max(link.version_to) AS version_to FROM dead JOIN identity.link ON link.pupil_id = dead.pupil_id GROUP BY dead.pupil_id
    ), heir AS (
        SELECT last.pupil_id, now.pupil_id AS redirect_to, count(*) AS records
        FROM last JOIN identity.link AS old ON old.pupil_id = last.pupil_id AND old.version_to = last.version_to
        JOIN identity.link AS now ON now.record_id = old.record_id AND now.version_to = {OPEN}
        GROUP BY last.pupil_id, now.pupil_id
    ), chosen AS (
        SELECT DISTINCT ON (heir.pupil_id) heir.pupil_id, heir.redirect_to, known.redirect_to AS before, last.version_to = %(version)s AS is_new
        FROM heir JOIN last USING (pupil_id) JOIN identity.pupil AS known USING (pupil_id)
        LEFT JOIN new_redirect AS told ON told.pupil_id = heir.pupil_id AND told.redirect_to = heir.redirect_to
        ORDER BY heir.pupil_id, told.pupil_id IS NULL, heir.redirect_to IS DISTINCT FROM known.redirect_to, heir.records DESC, heir.redirect_to
    )
    SELECT pupil_id, redirect_to, is_new FROM chosen WHERE redirect_to IS DISTINCT FROM before"""
