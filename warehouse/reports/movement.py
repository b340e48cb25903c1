"""R3: movement of pupils since 1 September and between two 20 Septembers, and results of the latest finished period (form ОО-1)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from warehouse.reports import movement_results, movement_tables
from warehouse.reports.definition import Definition
from warehouse.reports.model import Chart, Check, Provenance, Report, Table
from warehouse.reports.movement_tables import PERIODS, figures, whole
from warehouse.reports.reader import frame, mart
from warehouse.reports.wording import counted, day, number

NOTES = (
    "Отбор: зачисления по программам начального, основного и среднего общего образования. Зачисление действует с первого дня и до дня выбытия, не включая его; "
    "числом на дату считаются зачисления, действующие в этот день.",
    "Если зачисления одного ребёнка пересекаются, он в каждый день учтён один раз – в зачислении с более поздней датой начала, как и в отчёте R1. Появление более "
    "позднего зачисления в другой организации – переход, даже если прежняя школа ребёнка ещё не списала.",
    "Переход внутри республики – выбытие для одной организации и прибытие для другой; для республики это не движение. Так же считается перерыв внутри периода: "
    "выбыл и вернулся до его конца.",
    "«Впервые в 1 класс» – прежде ни в одной школе республики не числился и принят в 1 (подготовительный) класс. «Из-за пределов республики» – прежде здесь не "
    "числился и принят в другой класс: откуда он прибыл, источники не передают. «После перерыва» – на прежнюю дату нигде не числился, а раньше учился.",
    "Причина выбытия – как её назвал журнал; смерть – по записи акта. Не названа, но ребёнок принят в другую школу – перевод; иначе «причина не указана».",
    "Школы передают текущий список: запись, пропавшая из него без даты выбытия, считается закрытой в день, когда её не стало.",
    "Класс – тот, что назван в зачислении; за прошлые годы журналы его не передают, поэтому перевод в следующий класс виден, только если школа закрыла прежнюю "
    "запись.",
    "Итоги – по худшей итоговой отметке ребёнка за последний завершённый период его школы. Первый класс отметок не имеет. Решения о переводе и аттестаты источники "
    "не передают.",
    "Коды разделов движения и итогов по тексту формы не подтверждены и не печатаются; карта строк правится в schemas/forms/movement.yaml.",
)
REGISTER = """
    SELECT count(DISTINCT enrolment_told.pupil_id) AS pupils
    FROM marts.enrolment_told
    INNER JOIN marts.pupil ON pupil.pupil_id = enrolment_told.pupil_id
    WHERE
        enrolment_told.valid_from <= (SELECT core.report_date())
        AND (enrolment_told.valid_to IS NULL OR enrolment_told.valid_to > (SELECT core.report_date()))
        AND (pupil.death_date IS NULL OR pupil.death_date > (SELECT core.report_date()))
"""


Span = dict[str, Any]
"""One period: movement_period, date_from, date_to, known_from (the day of the first load)."""


def is_known(rows: pd.DataFrame, span: Span) -> bool:
    """Whether movement of the period can be told: it began after the first load, for who left before it nobody tells of; or it is the school year itself."""
    first: date | None = span["known_from"]
    return span["movement_period"] == "school_year" or (first is not None and first <= span["date_from"])


def tables(rows: pd.DataFrame, span: Span) -> tuple[Table, ...]:
    """The four tables of one period; only the first, without figures, where its history is not known."""
    period, dates = span["movement_period"], f"с {day(span['date_from'])} по {day(span['date_to'])}"
    known = is_known(rows, span)
    first = movement_tables.region(rows, period, dates=dates, is_known=known)
    return (first, *(make(rows, period, dates=dates) for make in (
        movement_tables.by_grade, movement_tables.by_municipality, movement_tables.by_organisation))) if known else (first,)


def checks(rows: pd.DataFrame, period: str) -> tuple[Check, ...]:
    """The equality of movement for the region, for each organisation and for each grade."""
    regional, title = whole(rows[rows["is_regional"]]), PERIODS[period]
    places, grades = figures(rows, ["organisation_key"]), figures(rows.assign(grade=rows["grade"].fillna(-1)), ["grade"])
    balanced = (places["start"] + places["arrived"] == places["end"] + places["left"]).sum()
    kept = (grades["start"] + grades["arrived"] + grades["grade_in"] == grades["end"] + grades["left"] + grades["grade_out"]).sum()
    return (
        Check(name=f"balance_{period}", title=f"{title}: на начало + прибыли = на конец + выбыли (республика)",
              left=int(regional["start"] + regional["arrived"]), right=int(regional["end"] + regional["left"])),
        Check(name=f"organisations_{period}", title=f"{title}: организаций = организаций, где на начало + прибыли = на конец + выбыли",
              left=len(places), right=int(balanced)),
        Check(name=f"grades_{period}", title=f"{title}: классов (параллелей) = тех, где сходится и переход между классами", left=len(grades), right=int(kept)),
    )


def _against(connection: Connection, spans: dict[str, pd.DataFrame], results: pd.DataFrame, assessed: Table) -> tuple[Check, ...]:
    contingent = frame(connection, "SELECT COALESCE(sum(pupil_count), 0)::integer AS pupils FROM marts.contingent")["pupils"].iloc[0]
    register = frame(connection, REGISTER)["pupils"].iloc[0]
    return (
        Check(name="contingent", title="На последнее 20 сентября (R3) = обучающихся всего (R1)", left=int(whole(spans["twelve_months"])["end"]),
              right=int(contingent)),
        Check(name="register", title="Обучаются на отчётную дату = разных детей в реестре на дату", left=int(whole(spans["school_year"])["end"]),
              right=int(register)),
        Check(name="results", title="Имеют итоговые отметки = сумма по итогам", left=int(results.loc[results["period_kind"] != "Y", "pupil_count"].sum()),
              right=int(assessed.rows[list(movement_results.RESULTS)].iloc[-1].sum())),
    )


def _history(rows: pd.DataFrame, span: Span) -> tuple[str, ...]:
    first: date | None = span["known_from"]
    empty = () if len(rows) else (f"С {day(span['date_from'])} по {day(span['date_to'])} зачислений в хранилище нет: движение пусто.",)
    late = (f"Хранилище ведётся с {day(first)}: выбывшие раньше видны, только если журнал ещё передаёт их запись.",) if first and first > span["date_from"] else ()
    return (*empty, *late)


def _charts(known: bool) -> tuple[Chart, ...]:
    period = "twelve_months" if known else "school_year"
    return (Chart(table=f"municipalities_{period}", title=f"{PERIODS[period]}: прибыли и выбыли по муниципалитетам", x="municipality",
                  series=("arrived", "left"), kind="horizontal"),
            Chart(table=f"grades_{period}", title=f"{PERIODS[period]}: прибыли и выбыли по классам", x="grade", series=("arrived", "left")),
            Chart(table="results", title="Итоги последнего завершённого периода по классам", x="grade", series=tuple(movement_results.RESULTS), kind="stacked"))


def build(connection: Connection, provenance: Provenance) -> Report:
    """The report from marts movement, movement_period and period_result, held against R1 and the register."""
    every, results = mart(connection, "movement"), mart(connection, "period_result")
    spans: dict[str, Span] = {span["movement_period"]: span for span in mart(connection, "movement_period").to_dict("records")}  # type: ignore[misc]
    rows = {period: every[every["movement_period"] == period] for period in PERIODS}
    year, assessed = whole(rows["school_year"][rows["school_year"]["is_regional"]]), movement_results.of_period(results)
    span = spans["school_year"]
    return Report(
        name="movement", title=DEFINITION.title, form="ОО-1", provenance=provenance,
        lead=f"С {day(span['date_from'])} по {day(span['date_to'])}: на начало {counted(int(year['start']), 'обучающийся', 'обучающихся', 'обучающихся')}, "
             f"прибыли {number(year['arrived'])}, выбыли {number(year['left'])}, на конец {number(year['end'])} (переходы внутри республики не в счёт).",
        tables=(*(table for period in PERIODS for table in tables(rows[period], spans[period])), assessed, movement_results.of_year(results)),
        checks=(*(check for period in PERIODS for check in checks(rows[period], period)), *_against(connection, rows, results, assessed)),
        notes=(*_history(rows["school_year"], span), *NOTES), charts=_charts(is_known(rows["twelve_months"], spans["twelve_months"])),
        filters=(("Программы", "начальное, основное и среднее общее образование"),))


DEFINITION = Definition(
    code="R3", name="movement", title="Движение обучающихся и итоги периода", form="movement", build=build,
    marts=("movement", "movement_period", "period_result", "enrolment_told", "pupil", "contingent"), sections=("ОО-1, движение и итоги",))
