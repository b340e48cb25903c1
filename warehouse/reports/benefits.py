"""R8: benefits, what proves them, and the papers parents are no longer asked for."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection

from schemas.benefit_rules import EVIDENCE, ONE_OF, ONE_OF_TITLE, STANDINGS, Rule
from schemas.benefit_rules import read as rules
from warehouse.reports import benefits_lists as lists
from warehouse.reports import benefits_meals as meals
from warehouse.reports.benefits_words import NOTES, NOWHERE
from warehouse.reports.definition import Definition
from warehouse.reports.model import Chart, Check, Column, Provenance, Report, Table
from warehouse.reports.reader import frame, mart
from warehouse.reports.shape import UNKNOWN_PLACE, integer, text, with_total
from warehouse.reports.titles import SOURCE_TITLES
from warehouse.reports.wording import counted, number

COUNTS = ["right_count", "proved_count", "document_count", "expired_count", "contradictory_count", "saved_count", "needed_count", "expiring_count"]
COUNTED = (integer("right_count", "Прав (ребёнок и льгота)"), integer("proved_count", "Подтверждено"), integer("document_count", "Нужен документ"),
           integer("expired_count", "Истекло"), integer("contradictory_count", "Противоречия"), integer("saved_count", "Документов не спрашивают"),
           integer("needed_count", "Документов нужно принести"), integer("expiring_count", "Кончается за 30 дней"))
EVIDENCE_TITLES = {name: word.title for name, word in EVIDENCE.items()} | {ONE_OF: ONE_OF_TITLE}
NO_SOURCE = "источника нет"
STILL_SILENT = "источник молчит"
GRADES_1_4 = """
    SELECT count(DISTINCT enrolment.pupil_id)::integer AS pupil_count
    FROM marts.enrolment INNER JOIN marts.pupil ON pupil.pupil_id = enrolment.pupil_id
    WHERE {who} AND enrolment.valid_from <= (SELECT core.report_date())
      AND (enrolment.valid_to IS NULL OR enrolment.valid_to > (SELECT core.report_date()))
      AND (pupil.death_date IS NULL OR pupil.death_date > (SELECT core.report_date()))
"""


def in_force(day: date) -> dict[str, Rule]:
    """The versions of rules that hold on a day, by benefit."""
    return {rule.benefit: rule for rule in rules() if (rule.valid_from or date.min) <= day < (rule.valid_to or date.max)}


def titles(day: date) -> dict[str, str]:
    """Benefit → its Russian title, a draft marked so."""
    return {name: rule.title + (" (проект)" if rule.standing == "project" else "") for name, rule in in_force(day).items()}


def by_benefit(totals: pd.DataFrame, day: date) -> Table:
    """Each benefit: its standing and ground, children by status, papers."""
    named = in_force(day)
    sums = totals.groupby("benefit")[COUNTS].sum().reindex(sorted(named), fill_value=0)
    body = sums.assign(benefit=pd.Series(titles(day)), standing=pd.Series({name: STANDINGS[rule.standing] for name, rule in named.items()}),
                       ground=pd.Series({name: rule.printed_ground for name, rule in named.items()})).reset_index(drop=True)
    columns = (text("benefit", "Льгота", 48), text("standing", "Правило", 24), text("ground", "Основание", 36), *COUNTED)
    return Table(name="benefits", sheet="По льготам", title="Льготы: право и чем оно подтверждено", columns=columns, is_total_last=True,
                 rows=with_total(body[[column.name for column in columns]], label="Всего", counts=COUNTS),
                 note="Основание напечатано, только если его текст прочитан.")


def by_place(totals: pd.DataFrame, day: date, keys: list[Column], *, name: str, sheet: str, title: str) -> Table:
    """Benefits by municipality, or by municipality and organisation."""
    names = [column.name for column in keys]
    blank = {"municipality": UNKNOWN_PLACE, "organisation_name": NOWHERE, "organisation_key": "–"}
    filled = totals.assign(**{one: totals[one].fillna(blank[one]) for one in names}, benefit=totals["benefit"].map(titles(day)))
    body = filled.groupby([*names, "benefit"], sort=True)[COUNTS].sum().reset_index()
    return Table(name=name, sheet=sheet, title=title, columns=(*keys, text("benefit", "Льгота", 48), *COUNTED), is_filtered=True, is_total_last=True,
                 rows=with_total(body[[*names, "benefit", *COUNTS]], label="Всего", counts=COUNTS))


def by_evidence(evidence: pd.DataFrame, day: date) -> Table:
    """Each thing to be shown: who answered, in what state it is."""
    counts = ["evidence_count", "proved_count", "document_count", "expired_count", "contradictory_count", "expiring_count", "saved_count"]
    silent = evidence["evidence"].map({name: STILL_SILENT if word.has_source else NO_SOURCE for name, word in EVIDENCE.items()}).fillna(NO_SOURCE)
    body = evidence.assign(benefit=evidence["benefit"].map(titles(day)), evidence=evidence["evidence"].map(EVIDENCE_TITLES),
                           source=evidence["source"].map(SOURCE_TITLES).fillna(silent)).sort_values(["benefit", "evidence", "source"])
    columns = (text("benefit", "Льгота", 48), text("evidence", "Подтверждение", 40), text("source", "Источник", 32), integer("evidence_count", "Всего"),
               integer("proved_count", "Подтверждено"), integer("document_count", "Нужен документ"), integer("expired_count", "Истекло"),
               integer("contradictory_count", "Противоречия"), integer("expiring_count", "Кончается за 30 дней"),
               integer("saved_count", "Документов не спрашивают"), Column(name="received_date", title="Последнее получение", kind="date"))
    return Table(name="evidence", sheet="Подтверждения", title="Подтверждения по источникам и состоянию", columns=columns, is_filtered=True, is_total_last=True,
                 rows=with_total(body[[column.name for column in columns]], label="Всего", counts=counts))


def fee(totals: pd.DataFrame) -> Table:
    """Compensation of the kindergarten fee by its per cent; it is not known while the order of birth is not."""
    ours = totals[totals["benefit"] == "kindergarten_fee"]
    counts = ["right_count", "proved_count", "document_count", "expired_count", "contradictory_count"]
    sums = ours.assign(amount=ours["amount_percent"].astype("string").add(" %").fillna(meals.UNKNOWN_AMOUNT)).groupby("amount", sort=True)[counts].sum()
    body = sums.reindex(["20 %", "50 %", "70 %", meals.UNKNOWN_AMOUNT], fill_value=0).reset_index()
    return Table(name="fee", sheet="Плата за сад", title="Компенсация родительской платы по размеру", is_total_last=True,
                 columns=(text("amount", "Размер", 36), *COUNTED[:5]), rows=with_total(body, label="Всего", counts=counts))


def checks(totals: pd.DataFrame, evidence: pd.DataFrame, tables: dict[str, Table], entitled: dict[str, int]) -> tuple[Check, ...]:
    """Equalities between the marts and the tables, and with enrolments counted by themselves."""
    rights = int(totals["right_count"].sum())
    statuses = int(totals[["proved_count", "document_count", "expired_count", "contradictory_count"]].to_numpy().sum())
    of = totals.groupby("benefit")["right_count"].sum().to_dict()
    summed = {name: int(tables[name].rows["right_count"].iloc[:-1].sum()) for name in ("municipalities", "organisations", "fee")}
    return (
        Check(name="statuses", title="Прав всего = подтверждено + нужен документ + истекло + противоречия", left=rights, right=statuses),
        Check(name="municipalities", title="Прав всего = сумма по муниципалитетам", left=rights, right=summed["municipalities"]),
        Check(name="organisations", title="Прав всего = сумма по организациям", left=rights, right=summed["organisations"]),
        Check(name="papers", title="Документы, которых не спрашивают: по детям = по подтверждениям", left=int(totals["saved_count"].sum()),
              right=int(evidence["saved_count"].sum())),
        Check(name="grades", title="Питание 1–4 классов = учатся в 1–4 классах на отчётную дату", left=int(of.get("hot_meal_1_4", 0)), right=entitled["grades_1_4"]),
        Check(name="kindergarten", title="Компенсация платы = посещают детский сад на отчётную дату", left=int(of.get("kindergarten_fee", 0)),
              right=entitled["kindergarten"]),
        Check(name="amounts", title="Компенсация платы = сумма по размерам", left=int(of.get("kindergarten_fee", 0)), right=summed["fee"]),
    )


def build(connection: Connection, provenance: Provenance, *, with_names: bool) -> Report:
    """The report from marts benefit_total, evidence_total and benefit_evidence; names are read only when `with_names`."""
    day = provenance.as_of
    totals, evidence, listed = mart(connection, "benefit_total"), mart(connection, "evidence_total"), frame(connection, lists.LISTED)
    place = [text("municipality", "Муниципалитет", 30)]
    school = [*place, text("organisation_name", "Организация", 60), text("organisation_key", "ОГРН", 15)]
    made = {
        "benefits": by_benefit(totals, day),
        "municipalities": by_place(totals, day, place, name="municipalities", sheet="По муниципалитетам", title="Льготы по муниципалитетам"),
        "organisations": by_place(totals, day, school, name="organisations", sheet="По организациям", title="Льготы по школам и детским садам"),
        "evidence": by_evidence(evidence, day), "fee": fee(totals), "hot_meals": meals.hot_meals(totals),
        "expiring": lists.expiring(listed, titles(day), EVIDENCE_TITLES), "contradictions": lists.contradictions(listed, EVIDENCE_TITLES)}
    entitled = {name: int(frame(connection, GRADES_1_4.format(who=who))["pupil_count"].iloc[0]) for name, who in (
        ("grades_1_4", "enrolment.grade BETWEEN 1 AND 4 AND enrolment.programme IN ('primary', 'basic', 'secondary')"),
        ("kindergarten", "enrolment.programme = 'preschool'"))}
    saved = int(totals.loc[totals["rule_standing"] == "in_force", "saved_count"].sum())
    return Report(
        name="benefits", title="Льготы и документы, которые не спрашивают", form="внутренний отчёт; ОО-2, раздел 1.4; реестр компенсаций", provenance=provenance,
        lead=f"{counted(saved, 'документ', 'документа', 'документов')} родителям больше не нужно приносить: по действующим правилам ответили регистры. "
             f"Нужно принести {number(totals.loc[totals['rule_standing'] == 'in_force', 'needed_count'].sum())}; "
             f"противоречий {number(len(made['contradictions'].rows))}, кончается за 30 дней {number(len(made['expiring'].rows))}.",
        tables=tuple(made.values()), checks=checks(totals, evidence, made, entitled), notes=NOTES,
        restricted=lists.named(frame(connection, lists.PEOPLE), made["expiring"], made["contradictions"]) if with_names else (),
        charts=(Chart(table="benefits", title="Право по льготам и состоянию", x="benefit", kind="stacked",
                      series=("proved_count", "document_count", "expired_count", "contradictory_count")),
                Chart(table="fee", title="Компенсация платы за детский сад по размеру", x="amount", series=("right_count",))),
        filters=(("Отчётная дата", f"{day:%d.%m.%Y}"), ("Правила", "действующие на отчётную дату редакции")))


DEFINITION = Definition(
    code="R8", name="benefits", title="Льготы и документы, которые не спрашивают", form="oo2", build=build, names_children=True,
    marts=("benefit_total", "evidence_total", "benefit_evidence", "benefit", "enrolment", "pupil", "pupil_identified"),
    sections=("ОО-2, раздел 1.4", "Реестр компенсаций родительской платы"))
