"""Lists of the report of benefits: evidence that ends within 30 days, and contradictions to be resolved; by key, and by name for the restricted file."""

from __future__ import annotations

import pandas as pd

from warehouse.reports.benefits_words import CONTRADICTIONS
from warehouse.reports.model import Column, Table
from warehouse.reports.shape import UNKNOWN_PLACE, text
from warehouse.reports.titles import SOURCE_TITLES

LISTED = """
    SELECT evidence.pupil_id, evidence.benefit, evidence.evidence, evidence.evidence_status, evidence.contradiction, evidence.source, evidence.received_date,
        evidence.valid_to, evidence.is_expiring, organisation.organisation_name, municipality.name AS municipality
    FROM (
        SELECT benefit_evidence.*, max(benefit_evidence.organisation_key) OVER (PARTITION BY benefit_evidence.pupil_id) AS known_key
        FROM marts.benefit_evidence
    ) AS evidence
    INNER JOIN marts.pupil ON pupil.pupil_id = evidence.pupil_id
    LEFT JOIN marts.organisation ON organisation.organisation_key = evidence.known_key
    LEFT JOIN marts.municipality ON municipality.oktmo = COALESCE(organisation.oktmo, pupil.oktmo)
    WHERE evidence.is_expiring OR evidence.evidence_status = 'contradictory'
"""
PEOPLE = """
    SELECT pupil_id, family_name, given_name, patronymic, birth_date
    FROM marts.pupil_identified
    WHERE pupil_id IN (SELECT benefit_evidence.pupil_id FROM marts.benefit_evidence WHERE is_expiring OR evidence_status = 'contradictory')
"""
_WHERE = (text("municipality", "Муниципалитет", 30), text("organisation_name", "Организация", 60), text("pupil_id", "Ребёнок"))
_DAY = Column(name="received_date", title="Получено", kind="date")


def expiring(listed: pd.DataFrame, titles: dict[str, str], evidence: dict[str, str]) -> Table:
    """What a register proves today and will not prove in 30 days: to be asked again in time."""
    rows = listed[listed["is_expiring"].fillna(False).astype(bool)]
    shown = _titled(rows, evidence).assign(benefit=rows["benefit"].map(titles))
    columns = (*_WHERE, text("benefit", "Льгота", 48), text("evidence", "Подтверждение", 40), text("source", "Источник", 32), _DAY,
               Column(name="valid_to", title="Кончается", kind="date"))
    in_order = shown.sort_values(["valid_to", "pupil_id", "benefit", "evidence"])
    return _listed("expiring", "Кончаются", "Подтверждения, которые кончаются за 30 дней", in_order, columns)


def contradictions(listed: pd.DataFrame, evidence: dict[str, str]) -> Table:
    """What two registers, or a register and the parent's word, say otherwise: each child and contradiction once."""
    rows = listed[listed["evidence_status"] == "contradictory"].drop_duplicates(["pupil_id", "evidence", "contradiction"])
    shown = _titled(rows, evidence).assign(contradiction=rows["contradiction"].map(CONTRADICTIONS))
    columns = (*_WHERE, text("evidence", "Подтверждение", 40), text("contradiction", "Противоречие", 56), text("source", "Источник", 32), _DAY)
    in_order = shown.sort_values(["municipality", "pupil_id", "evidence", "contradiction"])
    return _listed("contradictions", "Противоречия", "Противоречия, которые мешают подтвердить право", in_order, columns)


def named(people: pd.DataFrame, *tables: Table) -> tuple[Table, ...]:
    """The same lists with names and birth dates: for the restricted file only."""
    who = (text("family_name", "Фамилия", 20), text("given_name", "Имя", 16), text("patronymic", "Отчество", 20),
           Column(name="birth_date", title="Дата рождения", kind="date"))
    return tuple(Table(
        name=f"{table.name}_named", sheet=f"{table.sheet} – имена", title=f"{table.title} – ограниченный доступ", is_filtered=True,
        columns=(*table.columns[:3], *who, *table.columns[3:]),
        rows=table.rows.merge(people, on="pupil_id", how="left")[[column.name for column in (*table.columns[:3], *who, *table.columns[3:])]]) for table in tables)


def _titled(rows: pd.DataFrame, evidence: dict[str, str]) -> pd.DataFrame:
    return rows.assign(municipality=rows["municipality"].fillna(UNKNOWN_PLACE), organisation_name=rows["organisation_name"].fillna("–"),
                       evidence=rows["evidence"].map(evidence), source=rows["source"].map(SOURCE_TITLES).fillna(rows["source"]))


def _listed(name: str, sheet: str, title: str, rows: pd.DataFrame, columns: tuple[Column, ...]) -> Table:
    return Table(name=name, sheet=sheet, title=title, is_filtered=True, columns=columns, rows=rows[[column.name for column in columns]].reset_index(drop=True),
                 note="Имён здесь нет: их узнаёт уполномоченное лицо, назвав основание.")
