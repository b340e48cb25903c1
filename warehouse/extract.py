"""Reads all that is held of one child for its parent, as the officer, on a ground; the export stands in the trail before anything is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from warehouse import consent, explanation, trail
from warehouse.engine import engine, without_values
from warehouse.explanation import Explanation, Look, LookRefused, Row

PURPOSE = "выписка законному представителю: что хранится о ребёнке"
_OF_CHILD = {
    "enrolments": "SELECT enrolment.*, organisation.organisation_name FROM marts.enrolment LEFT JOIN marts.organisation USING (organisation_key) "
                  "WHERE enrolment.pupil_id = :pupil ORDER BY enrolment.valid_from, enrolment.record_id",
    "residences": "SELECT residence.*, municipality.name AS municipality FROM marts.residence LEFT JOIN marts.municipality USING (oktmo) "
                  "WHERE residence.pupil_id = :pupil ORDER BY residence.valid_from, residence.record_id",
    "citizenships": "SELECT * FROM marts.citizenship WHERE pupil_id = :pupil ORDER BY record_id",
    "benefits": "SELECT * FROM marts.benefit WHERE pupil_id = :pupil ORDER BY benefit",
    "evidence": "SELECT * FROM marts.benefit_evidence WHERE pupil_id = :pupil ORDER BY benefit, evidence_number",
    "progress": "SELECT progress.*, organisation.organisation_name FROM marts.service_progress AS progress "
                "LEFT JOIN marts.organisation USING (organisation_key) WHERE progress.pupil_id = :pupil ORDER BY progress.subject_title, organisation_key",
    "journal": "SELECT 1 AS is_open FROM marts.consent_now WHERE pupil_id = :pupil AND consent_purpose = 'journal'",
    "accesses": "SELECT * FROM identity.explained_access WHERE pupil_id = :pupil AND action NOT IN ('seal', 'unseal') ORDER BY access_id",
}
"""What the officer may read of one child, by section; marks only where the mart shows them: with a consent in force."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What is held of one child at the published version; rows as views and marts give them to the officer."""

    explanation: Explanation
    as_of: Any
    consents: list[Row]
    sections: dict[str, list[Row]]

    @property
    def is_journal_open(self) -> bool:
        """Whether a consent to show marks is in force."""
        return bool(self.sections["journal"])


def read(asked: int, look: Look) -> Held:
    """Everything about the child an id leads to. LookRefused for anybody but an officer; as `explanation.read` for an unknown id."""
    if look.role != "officer":
        raise LookRefused("look.role", "an extract is made by an officer")
    with without_values(), engine("officer").connect() as connection:
        living = consent.resolved(connection, asked)
        trail.note(connection, action="export", by=look.person, purpose=PURPOSE, ground=str(look.ground), subject=f"extract of pupil {asked}", pupil_id=living)
        connection.commit()
        return Held(explanation=explanation.read(asked, look), consents=consent.rows(connection, living),
                    as_of=connection.execute(text("SELECT core.report_date()")).scalar_one(),
                    sections={name: _rows(connection, query, living) for name, query in _OF_CHILD.items()})


def _rows(connection: Connection, query: str, living: int) -> list[Row]:
    return [dict(row) for row in connection.execute(text(query), {"pupil": living}).mappings()]
