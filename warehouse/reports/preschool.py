"""R4: children of preschool groups by age and group (form 85-К), places, children per 100 places and coverage of ages 1 to 6."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from warehouse.reports.definition import Definition
from warehouse.reports.model import Chart, Check, Provenance, Report, Table
from warehouse.reports.preschool_tables import NO_NAME, children, coverage, group_kinds, group_list, groups, is_foreign, municipalities, organisations, overloaded
from warehouse.reports.reader import frame, mart
from warehouse.reports.wording import MISSING, counted, number, share

NOTES = (
    "Отбор: зачисления в дошкольные группы, действующие на отчётную дату; если она приходится на январь (сдача формы), – на 31 декабря прошедшего года. Умершие "
    "до этого дня не учитываются. Ребёнок, который числится в двух группах, учтён один раз – в зачислении с более поздней датой.",
    "Возраст – полных лет на 1 января года, следующего за отчётным; день рождения 1 января считается наступившим.",
    "Группа – отдельное название группы в организации; её возраст определён по началу названия («Ясли», «Средняя» …). Соответствие названий и граф правится в "
    "schemas/forms/form_85k.yaml. Название, по которому возраст не виден, – в отдельной графе, дети без названия группы – в отдельной строке.",
    "Направленность групп, адаптированные программы, двойное гражданство и отсутствие гражданства источники не передают: такие строки печатаются «нет данных», "
    "а не нулём.",
    "Файлы детских садов не отделяют присмотр и уход без программы: все дети дошкольных групп показаны как обучающиеся по программам (строки 703–704).",
    "Гражданство – последнее известное; ребёнок с неизвестным гражданством в строки 707–708 не входит, число таких детей – в контроле.",
    "Коды раздела 7 – по действующему приказу, раздела 4 – по редакции до 2023 года. Прочерк вместо кода – код не подтверждён по тексту формы.",
    "Места – по реестру организаций министерства. Места школы дошкольным группам не принадлежат: дети таких групп – в графе «где число мест неизвестно» и в "
    "показатель «детей на 100 мест» не входят. Детский сад, от которого на дату нет ни одного ребёнка, считается не передавшим сведений: его места показаны "
    "отдельно и в показатель не входят.",
    "Охват = дети 1–6 лет в детских садах ÷ живые дети 1–6 лет, о которых не известно, что они живут вне республики; муниципалитет – места жительства. Шестилетние "
    "первоклассники из знаменателя не вычтены и показаны отдельно («Только школа»). Пока часть детских садов сведений не передаёт, охват занижен на их детей.",
)
REGISTER = """
    SELECT
        count(DISTINCT pupil_id) AS children,
        count(*) - count(DISTINCT pupil_id) AS double
    FROM marts.preschool_roll
"""


def checks(rows: pd.DataFrame, listed: pd.DataFrame, tables: dict[str, Table], register: int) -> tuple[Check, ...]:
    """Equalities between the tables; `register` is counted in the warehouse on its own."""
    total = int(rows["child_count"].sum())
    sexed = int(rows.loc[rows["sex"].isin(["M", "F"]), "child_count"].sum())
    unnamed = int(listed.loc[listed["title"] == NO_NAME, "child_count"].sum())
    stateless = int(rows.loc[rows["citizenship"].isna(), "child_count"].sum())
    return (
        Check(name="register", title="Детей всего = разных детей в реестре на дату", left=total, right=register),
        *(Check(name=name, title=f"Детей всего = сумма по {by}", left=total, right=int(tables[name].rows["child_count"].iloc[:-1].sum()))
          for name, by in (("municipalities", "муниципалитетам"), ("organisations", "организациям"))),
        Check(name="groups", title="Детей всего = дети в группах + группа не названа", left=total,
              right=int(tables["group_kinds"].rows["child_count"].iloc[:-2].sum()) + unnamed),
        Check(name="sexes", title="Детей всего = мальчики + девочки", left=total, right=sexed, note="" if total == sexed else f"пол неизвестен: {total - sexed}"),
        Check(name="citizenship", title="Гражданство неизвестно", left=stateless, right=None, note="сравнивать не с чем"),
    )


def lead(rows: pd.DataFrame, tables: dict[str, Table], double: int) -> str:
    """The main figures in one sentence."""
    of_age, places = tables["coverage"].rows.iloc[-1], tables["organisations"].rows.iloc[-1]
    at = f" на {rows['counting_date'].iloc[0]:%d.%m.%Y}" if len(rows) else ""
    full, silent = len(tables["overloaded"].rows), int((tables["organisations"].rows["silent_place_count"].iloc[:-1] > 0).sum())
    return (f"{counted(int(rows['child_count'].sum()), 'ребёнок', 'ребёнка', 'детей')} в дошкольных группах{at}; охват детей 1–6 лет "
            f"{share(of_age['coverage_share'])}; детей на 100 мест – {number(places['per_hundred']) if not pd.isna(places['per_hundred']) else MISSING}; "
            f"перегруженных детских садов {number(full)}, не передали сведений {number(silent)}; двойной учёт: {number(double)}; граждане других государств: "
            f"{number(rows.loc[is_foreign(rows['citizenship']), 'child_count'].sum())}.")


def build(connection: Connection, provenance: Provenance) -> Report:
    """The report from marts preschool, preschool_place and preschool_coverage."""
    rows, places, by_residence = mart(connection, "preschool"), mart(connection, "preschool_place"), mart(connection, "preschool_coverage")
    register = frame(connection, REGISTER).iloc[0]
    listed, by_organisation = group_list(rows), organisations(places)
    made = (children(rows), groups(listed), group_kinds(listed), municipalities(places), by_organisation, overloaded(by_organisation), coverage(by_residence))
    tables = {table.name: table for table in made}
    return Report(
        name="preschool", title="Дошкольное образование", form="85-К", provenance=provenance, notes=NOTES, tables=made,
        lead=lead(rows, tables, int(register["double"])), checks=checks(rows, listed, tables, int(register["children"])),
        charts=(
            Chart(table="municipalities", title="Дети и места по муниципалитетам", x="municipality", series=("child_count", "place_count")),
            Chart(table="coverage", title="Дети 1–6 лет: всего и в детских садах", x="municipality", series=("child_count", "kindergarten_count")),
            Chart(table="group_kinds", title="Дети по названиям групп", x="title", series=("child_count",), kind="horizontal")))


DEFINITION = Definition(
    code="R4", name="preschool", title="Дошкольное образование", form="form_85k", build=build,
    marts=("preschool", "preschool_place", "preschool_coverage", "preschool_roll"), sections=("85-К, 4", "85-К, 7"))
