"""Whom to ask МВД and СФР about: children known by a certificate or document who were not asked about with that content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyarrow as pa
from sqlalchemy import text

from schemas.fields import FIELDS
from schemas.warehouse import OPEN
from warehouse import bulk
from warehouse.engine import engine, without_values
from warehouse.versions import current_version, serialise

REFRESH_DAYS = 30
SILENT_DAYS = 7
AGE = 23
"""Years: the last year of university study is included."""
ASKED_ABOUT = ("family_name", "given_name", "patronymic", "birth_date", "sex", "birth_certificate", "birth_certificate_date",
               "birth_certificate_issuer", "document_kind", "document", "document_date", "snils")
COLUMNS: bulk.Columns = {"question_id": "text", "asked_source": "text", "asked_key": "text", **{name: FIELDS[name].type for name in ASKED_ABOUT}}

_HASH = f"md5(concat_ws('|', {', '.join(f'coalesce({name}::text, chr(1))' for name in ASKED_ABOUT)}))"
_FRESH = f"""(question.asked_as_of > DATE '{{as_of}}' - {SILENT_DAYS} OR question.asked_as_of > DATE '{{as_of}}' - {REFRESH_DAYS} AND EXISTS (
        SELECT FROM identity.person_record AS answer WHERE answer.version_to = {OPEN} AND answer.source = '{{source}}'
          AND answer.asked_source = candidate.source AND answer.asked_key = candidate.source_key))"""
"""Who answers questions tells of no change: an account opened late, a move. Silence is asked about again soon, an answer later."""
_CANDIDATES = f"""
    WITH known AS (
        SELECT person.*, link.pupil_id, CASE person.source WHEN 'zags_births' THEN 0 ELSE 1 END AS rank,
            coalesce('c' || birth_certificate, 'd' || coalesce(document_kind, '') || ' ' || document) AS paper
        FROM identity.person_record AS person
        LEFT JOIN identity.link AS link ON link.record_id = person.record_id AND link.version_to = {OPEN}
        WHERE person.version_to = {OPEN} AND (person.source = 'zags_births' OR person.source LIKE 'journal\\_%%') AND person.record_status = 'active'
          AND person.death_date IS NULL AND person.birth_date > DATE '{{as_of}}' - INTERVAL '{AGE} years' AND person.birth_date <= DATE '{{as_of}}'
          AND coalesce(birth_certificate, document) IS NOT NULL
          AND person.record_id NOT IN (SELECT record_id FROM identity.seal WHERE lifted_version IS NULL)
    ), one_a_paper AS (
        SELECT DISTINCT ON (paper) * FROM known ORDER BY paper, rank, source, source_key
    ), one_a_pupil AS (
        SELECT DISTINCT ON (coalesce(pupil_id, -record_id)) * FROM one_a_paper ORDER BY coalesce(pupil_id, -record_id), rank, source, source_key
    )
    SELECT source || ':' || source_key AS question_id, source AS asked_source, source_key AS asked_key, {', '.join(ASKED_ABOUT)}
    FROM one_a_pupil AS candidate
    WHERE NOT EXISTS (SELECT FROM quality.question WHERE question.source = '{{source}}'
        AND question.question_id = candidate.source || ':' || candidate.source_key AND question.content_hash = {_HASH} AND {_FRESH})
    ORDER BY question_id
"""  # noqa: S608


def write(source: str, path: Path, as_of: date) -> int:
    """Write the questions `source` was not asked lately with this content as Parquet (COLUMNS); returns their number.

    One question a child: about the ЗАГС record, else about a journal's. `source` is a name of the catalogue.
    """
    query = _CANDIDATES.replace("%%", "%").format(source=source.replace("'", "''"), as_of=as_of.isoformat())
    with without_values(), engine().connect() as connection:
        return bulk.export(connection, query, path)


def mark_asked(source: str, path: Path, as_of: date, covered: Iterable[str] | None = None) -> int:
    """Note that the questions of this file were asked, so that only a change is asked about again soon; returns their number.

    `covered`: ids of questions that are answered or under way, others stay to be asked; None = all of the file.
    """
    with without_values(), engine().begin() as connection:
        serialise(connection)
        bulk.fill(connection, "answered", path, COLUMNS)
        chosen = ""
        if covered is not None:
            bulk.fill(connection, "covered", pa.table({"question_id": pa.array(sorted(covered), pa.string())}), {"question_id": "text"})
            chosen = "WHERE question_id IN (SELECT question_id FROM covered)"
        return connection.execute(text(f"""
            INSERT INTO quality.question (source, question_id, content_hash, asked_version, asked_as_of)
            SELECT DISTINCT ON (question_id) :source, question_id, {_HASH}, :version, :as_of FROM answered {chosen} ORDER BY question_id
            ON CONFLICT (source, question_id) DO UPDATE SET content_hash = excluded.content_hash, asked_version = excluded.asked_version,
                asked_as_of = excluded.asked_as_of
            """.replace("::text", r"\:\:text")), {"source": source, "version": current_version(connection), "as_of": as_of}).rowcount  # noqa: S608
