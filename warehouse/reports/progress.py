"""R7: final marks of the last finished period by class, subject, school and municipality, and the lists a class tutor writes."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from warehouse.reports import progress_tables as tables
from warehouse.reports.definition import Definition
from warehouse.reports.model import Chart, Check, Column, Provenance, Report, Table
from warehouse.reports.progress_tables import CLASS, KINDS, ORGANISATION
from warehouse.reports.reader import frame
from warehouse.reports.shape import integer, text
from warehouse.reports.wording import number, share

TITLE = "Успеваемость за период"
LATEST = """
    SELECT municipality, organisation_key, organisation_name, class_name, period_title, subject_title, five_count, four_count, three_count, two_count,
           not_attested_count, credit_count, other_mark_count, mark_sum
    FROM marts.progress_subject WHERE is_latest
"""
TREND = """
    SELECT period, period_title, period_end, count(DISTINCT (organisation_key, grade, class_letter))::integer AS class_count,
           sum(five_count)::integer AS five_count, sum(four_count)::integer AS four_count, sum(three_count)::integer AS three_count,
           sum(two_count)::integer AS two_count, sum(not_attested_count)::integer AS not_attested_count, sum(credit_count)::integer AS credit_count,
           sum(other_mark_count)::integer AS other_mark_count, sum(mark_sum)::integer AS mark_sum
    FROM marts.progress_subject GROUP BY period, period_title, period_end ORDER BY period_end, period
"""
STANDING = """
    SELECT pupil_id, municipality, organisation_key, organisation_name, class_name, period_title, standing, five_count, four_count, three_count, two_count,
           not_attested_count, credit_count
    FROM marts.progress_pupil WHERE is_latest
"""
SENT = """
    SELECT count(*)::integer AS mark_count, count(DISTINCT (pupil_id, period))::integer AS pupil_count FROM marts.final_mark
    WHERE period IN (SELECT progress_subject.period FROM marts.progress_subject)
"""
COUNTED = """
    SELECT count(*)::integer AS pupil_count,
           COALESCE(sum(five_count + four_count + three_count + two_count + not_attested_count + credit_count + other_mark_count), 0)::integer AS mark_count
    FROM marts.progress_pupil
"""
PEOPLE = """
    SELECT pupil_id, family_name, given_name, patronymic, birth_date FROM marts.pupil_identified
    WHERE pupil_id IN (SELECT progress_pupil.pupil_id FROM marts.progress_pupil WHERE progress_pupil.is_latest)
"""
NOTES = (
    "Отчёт заменяет отчёты учителя, классного руководителя и заместителя директора за период: он собран из итоговых отметок журналов.",
    "Период – последний оконченный у каждого класса в последнем учебном году, за который есть отметки; четверти, триместры и полугодия школа выбирает сама. "
    "Последний день периода взят из справочников periods и period_kinds (канун рекомендованных каникул 2025/26 года; для триместров "
    "источника нет). Все оконченные периоды – на листе «По периодам».",
    "n – число отметок «5», «4», «3» и «2» (отметка «1» учтена вместе с «2», в среднем балле – как «1»). Зачёт и н/а в n не входят и показаны отдельно; «иное» – "
    "прочие записи, например «освобождён».",
    "Успеваемость = («5» + «4» + «3») / n; качество = («5» + «4») / n; СОУ (степень обученности) = (1·«5» + 0,64·«4» + 0,36·«3» + 0,16·«2») / n. Эти формулы – "
    "обычай школ: правового источника у них нет.",
    "Отметка остаётся за классом и школой, которые её поставили, даже если ребёнок оттуда выбыл. Если отметку по предмету за один период поставили две школы, "
    "учтена отметка более позднего зачисления.",
    "Предмет назван по справочнику; если код предмета неизвестен, оставлено название школы. Класс отметок прошлых лет – на столько лет ниже, сколько лет прошло.",
    "Отличник – все отметки «5» (зачёты не мешают); с одной «4» – остальные «5»; с одной «3» – остальные «4» и «5»; неуспевающий – есть «2» или «1»; не "
    "аттестован – есть хотя бы одно н/а. Неуспевающий с н/а стоит в обоих списках; в трёх первых списках н/а не бывает.",
)


def trend(rows: pd.DataFrame) -> Table:
    """All finished periods of the region, in the order they ended."""
    columns = (text("period_title", "Период", 24), Column(name="period_end", title="Окончен", kind="date"), integer("class_count", "Классов"), *tables.MEASURES)
    return Table(name="trend", sheet="По периодам", title="Итоговые отметки по оконченным периодам", columns=columns,
                 rows=tables.shares(rows)[[column.name for column in columns]])


def _tables(rows: pd.DataFrame, standing: pd.DataFrame, periods: pd.DataFrame) -> tuple[Table, ...]:
    return (
        tables.marks(rows, ["municipality"], name="municipalities", sheet="По муниципалитетам", title="Отметки по муниципалитетам организаций"),
        trend(periods),
        tables.pupils(standing, ["municipality"], name="municipality_pupils", sheet="Дети по муниципалитетам", title="Отличники и неуспевающие по муниципалитетам"),
        tables.marks(rows, ["subject_title"], name="subjects", sheet="По предметам", title="Отметки по предметам"),
        tables.marks(rows, ORGANISATION, name="organisations", sheet="По организациям", title="Отметки по организациям"),
        tables.pupils(standing, ORGANISATION, name="organisation_pupils", sheet="Дети по организациям", title="Отличники и неуспевающие по организациям"),
        tables.marks(rows, CLASS, name="classes", sheet="По классам", title="Отметки по классам", more=("period_title",)),
        tables.pupils(standing, CLASS, name="class_pupils", sheet="Дети по классам", title="Отличники и неуспевающие по классам"),
        tables.marks(rows, [*CLASS, "subject_title"], name="class_subjects", sheet="По классам и предметам", title="Отметки по классам и предметам",
                     note="Отчёт учителя и классного руководителя: найти класс отбором."),
        tables.listed(standing))


def checks(rows: pd.DataFrame, periods: pd.DataFrame, made: dict[str, Table], sent: pd.Series[int], counted: pd.Series[int]) -> tuple[Check, ...]:
    """Marks are summed by subject and, on their own, by pupil; pupils are counted in the journals' own records."""
    by_subject = int(periods[KINDS].sum().sum())
    total = int(rows[KINDS].sum().sum())
    shown = made["class_subjects"].rows.iloc[:-1]
    aside = int(sent["mark_count"]) - by_subject
    later = "учтена отметка более позднего зачисления"
    return (
        Check(name="marks", title="Отметок за все периоды по классам и предметам = по детям", left=by_subject, right=int(counted["mark_count"])),
        Check(name="pupils", title="Детей и периодов с отметками: в записях журналов = в отчёте", left=int(sent["pupil_count"]), right=int(counted["pupil_count"])),
        Check(name="classes", title="Отметок последнего периода = n + н/а + зачёты + иное по классам и предметам", left=total,
              right=int(shown[["graded_count", *KINDS[4:]]].sum().sum()) if len(shown) else 0),
        Check(name="aside", title="Не учтено: отметка того же предмета и периода из прежней школы", left=aside, right=None, note=later))


def build(connection: Connection, provenance: Provenance, *, with_names: bool) -> Report:
    """The report from marts progress_subject and progress_pupil; names are read only when `with_names`."""
    rows, periods, standing = frame(connection, LATEST), frame(connection, TREND), frame(connection, STANDING)
    made = {table.name: table for table in _tables(rows, standing, periods)}
    restricted = (tables.named(made["lists"], frame(connection, PEOPLE), name="named_lists", sheet="Списки с именами"),) if with_names else ()
    total = made["municipalities"].rows.iloc[-1] if len(rows) else None
    shown = ", ".join(sorted(set(rows["period_title"]))) or "оконченных периодов с отметками нет"
    lead = "Итоговых отметок оконченных периодов нет." if total is None else (
        f"{shown}: успеваемость {share(total['success_share'])}, качество {share(total['quality_share'])} при {number(total['graded_count'])} отметках "
        f"{number(len(standing))} детей; неуспевающих {number(int(tables.in_list(standing, 'failing').sum()))}.")
    return Report(
        name="progress", title=TITLE, form="Отчёт за период (внутренний)", provenance=provenance, notes=NOTES, lead=lead, tables=tuple(made.values()),
        restricted=restricted, filters=(("Период", shown),),
        checks=checks(rows, periods, made, frame(connection, SENT).iloc[0], frame(connection, COUNTED).iloc[0]),
        charts=(Chart(table="municipalities", title="Качество и успеваемость по муниципалитетам", x="municipality", series=("quality_share", "success_share"),
                      kind="horizontal"),
                Chart(table="trend", title="Качество и успеваемость по периодам", x="period_title", series=("quality_share", "success_share"), kind="line"),
                Chart(table="subjects", title="Качество по предметам", x="subject_title", series=("quality_share",), kind="horizontal")))


DEFINITION = Definition(
    code="R7", name="progress", title=TITLE, build=build, names_children=True,
    marts=("progress_subject", "progress_pupil", "final_mark", "pupil_identified"), sections=("отчёты учителя, классного руководителя и завуча за период",))
