"""R5: children of school age who study nowhere, by age, place and reason, and the list to work through (successor of form 1-НД)."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from warehouse.reports import forms
from warehouse.reports.definition import Definition
from warehouse.reports.model import Check, Column, Provenance, Report, Table
from warehouse.reports.reader import frame, mart
from warehouse.reports.shape import LEAST, UNKNOWN_PLACE, integer, text, with_total
from warehouse.reports.wording import number

REASONS = {
    "kindergarten": "посещает детский сад", "graduated": "окончил обучение", "expelled": "отчислен", "health": "выбыл по состоянию здоровья",
    "transfer": "выбыл переводом, нигде не принят", "death": "выбыл: смерть (записи акта нет)", "unknown": "выбыл, причина не указана",
    "never_enrolled": "никогда не числился",
}
NOTES = (
    "Отбор: дети, о которых не известно, что они живут вне республики, живые на отчётную дату, которым на 1 января года отчётной даты исполнилось от 7 до "
    "17 полных лет (возраст считается на 1 января отчётного года, а не следующего, как в ОО-1).",
    "Обучающимся считается тот, у кого на отчётную дату действует зачисление в школе, колледже, вузе или в семейной форме. Детский сад "
    "обучением не считается, но известен как причина.",
    "Причина считается известной, если ребёнок посещает детский сад либо последнее зачисление закрыто с причиной «окончил», «отчислен» или "
    "«здоровье». Перевод без зачисления на новом месте – причина неизвестна.",
    "Учёт ведётся независимо от регистрации: если МВД о ребёнке не ответило, он остаётся в списке с муниципалитетом из записи акта и пометкой "
    "«не подтверждена». Дети без даты рождения в отбор не попадают; их число указано в контроле.",
    "«Возможно обучаются» – дети, чья запись по признакам похожа на запись ребёнка с действующим зачислением, но решение, один ли это ребёнок, ещё не "
    "принято. Такие дети остаются в общем числе, пока человек не решит.",
    "Имён в этом файле нет: рабочий список назван внутренним номером ребёнка. Имена по этому номеру (pupil_id) уполномоченное лицо узнаёт в разъяснении о ребёнке, "
    "назвав основание: каждое обращение остаётся в журнале доступа.",
)
REFUSED = """
    SELECT COALESCE(sum(refused_count), 0)::integer AS refused
    FROM marts.refused_now
    WHERE entity = 'person' AND (source LIKE 'journal%' OR source = 'vuz_scos')
"""
PEOPLE = """
    SELECT pupil_id, family_name, given_name, patronymic, birth_date
    FROM marts.pupil_identified
    WHERE pupil_id IN (SELECT not_enrolled.pupil_id FROM marts.not_enrolled)
"""
LEFT_OUT = """
    SELECT
        count(*) FILTER (WHERE birth_date IS NULL AND is_resident IS NOT FALSE) AS undated
    FROM marts.pupil
    WHERE (death_date IS NULL OR death_date > core.report_date())
    AND pupil_id NOT IN (
        SELECT enrolment.pupil_id FROM marts.enrolment
        WHERE enrolment.pupil_id IS NOT NULL AND enrolment.valid_from <= core.report_date()
        AND (enrolment.valid_to IS NULL OR enrolment.valid_to > core.report_date())
    )
""".replace("core.report_date()", "(SELECT core.report_date())")


def by_age(rows: pd.DataFrame) -> Table:
    """The table of the form: ages 7 to 17, total and rural."""
    section = forms.read("not_enrolled").sections["by_age"]
    parts = {"total": rows, "girls": rows[rows["sex"] == "F"], "reason_known": rows[rows["is_reason_known"]],
             "reason_unknown": rows[~rows["is_reason_known"]], "residence_unknown": rows[~rows["is_residence_known"]],
             "may_be_enrolled": rows[rows["may_be_enrolled"]], "area_unknown": rows[rows["is_rural"].isna()]}
    body = []
    for line in section.rows:
        part = forms.of_line(parts, line)
        counts = part.groupby("age_years").size()
        ages = [int(counts.get(age, 0)) for age in range(7, 18)]
        body.append([line.title, *ages, len(part), int(part["is_rural"].fillna(False).sum())])
    columns = (text("title", "Показатель", 48), *(
        integer(line.name, line.title if line.printed_code == "–" else f"{line.title} (графа {line.code})") for line in section.columns))
    return Table(name="by_age", sheet="По возрасту", title=section.heading, columns=columns,
                 rows=pd.DataFrame(body, columns=[column.name for column in columns]))


def by_municipality(coverage: pd.DataFrame, rows: pd.DataFrame) -> Table:
    """Each municipality: children of the age, who studies, who does not, of them rural, with a known reason, in doubt; no share of fewer than LEAST."""
    place = rows.assign(municipality=rows["municipality"].fillna(UNKNOWN_PLACE), is_rural=rows["is_rural"].fillna(False))
    extra = place.groupby("municipality").agg(rural_count=("is_rural", "sum"), known_count=("is_reason_known", "sum"), may_be_count=("may_be_enrolled", "sum"))
    counts = ["child_count", "enrolled_count", "family_form_count", "not_enrolled_count", "rural_count", "known_count", "may_be_count"]
    body = coverage.assign(municipality=coverage["municipality"].fillna(UNKNOWN_PLACE)).set_index("municipality").join(extra)
    body = with_total(body[counts].fillna(0).astype(int).sort_index().reset_index(), label="Всего", counts=counts)
    children = body["child_count"].astype(float)
    share = body["not_enrolled_count"].astype(float) / children.where(children >= LEAST)
    return Table(
        name="municipalities", sheet="По муниципалитетам", title="Не обучающиеся по муниципалитетам проживания", is_filtered=True,
        is_total_last=True, rows=body.assign(not_enrolled_share=share), note=f"Доля не показана там, где детей меньше {LEAST}.", columns=(
            text("municipality", "Муниципалитет", 30), integer("child_count", "Детей 7–17 лет"), integer("enrolled_count", "Обучаются"),
            integer("family_form_count", "из них семейная форма"), integer("not_enrolled_count", "Не обучаются"),
            integer("rural_count", "из них в селе"), integer("known_count", "из них причина известна"),
            integer("may_be_count", "из них возможно обучаются"),
            Column(name="not_enrolled_share", title="Доля не обучающихся", kind="share")))


def by_reason(rows: pd.DataFrame) -> Table:
    """Children by reason."""
    counts = rows.groupby("reason").size()
    body = pd.DataFrame({"reason": list(REASONS.values()), "child_count": [int(counts.get(reason, 0)) for reason in REASONS]})
    return Table(name="reasons", sheet="По причинам", title="Не обучающиеся по причинам", is_total_last=True,
                 rows=with_total(body, label="Всего", counts=["child_count"]),
                 columns=(text("reason", "Причина", 44), integer("child_count", "Детей")))


def work_list(rows: pd.DataFrame) -> Table:
    """The children one by one, by municipality, without names."""
    shown = rows.assign(municipality=rows["municipality"].fillna(UNKNOWN_PLACE), reason=rows["reason"].map(REASONS),
                        area=rows["is_rural"].map({True: "село", False: "город"}).astype(object).fillna("неизвестна"),
                        doubt=rows["may_be_enrolled"].map({True: "на рассмотрении: возможно обучается", False: None}),
                        registration=rows["is_residence_known"].map({True: "подтверждена", False: "не подтверждена"}))
    columns = (text("municipality", "Муниципалитет", 30), text("pupil_id", "Ребёнок"), integer("age_years", "Возраст"), text("area", "Местность"),
               text("registration", "Регистрация МВД", 18), text("doubt", "Связь записей", 36), text("reason", "Причина", 36),
               text("last_organisation_name", "Последняя организация", 60), integer("last_grade", "Класс"),
               Column(name="left_date", title="Выбыл", kind="date"))
    return Table(name="work_list", sheet="Рабочий список", title="Рабочий список по муниципалитетам", is_filtered=True, columns=columns,
                 rows=shown.sort_values(["municipality", "age_years", "pupil_id"])[[column.name for column in columns]])


def named_list(listed: Table, rows: pd.DataFrame, people: pd.DataFrame) -> Table:
    """The work list with names and birth dates: for the restricted file only."""
    columns = (*listed.columns[:2], text("family_name", "Фамилия", 20), text("given_name", "Имя", 16), text("patronymic", "Отчество", 20),
               Column(name="birth_date", title="Дата рождения", kind="date"), *listed.columns[2:])
    named = listed.rows.merge(people, on="pupil_id", how="left", validate="one_to_one")
    return Table(name="named_list", sheet="Список с именами", title="Рабочий список с именами – ограниченный доступ", is_filtered=True,
                 columns=columns, rows=named[[column.name for column in columns]])


def checks(rows: pd.DataFrame, coverage: pd.DataFrame, ages: Table, places: Table) -> tuple[Check, ...]:
    """Equalities between the tables."""
    total, children = len(rows), int(coverage["child_count"].sum())
    sexed = int(rows["sex"].isin(["M", "F"]).sum())
    rural, unknown = int(rows["is_rural"].fillna(False).sum()), int(rows["is_rural"].isna().sum())
    urban = int((~rows["is_rural"].fillna(True)).sum())
    return (
        Check(name="ages", title="Графа 14 = сумма по возрастам 7–17", left=int(ages.rows["total"].iloc[0]),
              right=int(ages.rows.iloc[0, 1:12].sum())),
        Check(name="municipalities", title="Всего = сумма по муниципалитетам", left=total,
              right=int(places.rows["not_enrolled_count"].iloc[:-1].sum())),
        Check(name="sexes", title="Всего = мальчики + девочки", left=total, right=sexed, note="" if total == sexed else "у части пол неизвестен"),
        Check(name="reasons", title="Всего = причина известна + неизвестна", left=total,
              right=int(ages.rows["total"].iloc[2] + ages.rows["total"].iloc[3])),
        Check(name="areas", title="Всего = сельская (графа 15) + городская + местность неизвестна", left=total, right=rural + urban + unknown,
              note=f"местность неизвестна: {number(unknown)}"),
        Check(name="coverage", title="Детей 7–17 лет = обучаются + не обучаются", left=children,
              right=int(coverage["enrolled_count"].sum()) + total),
    )


def not_checked(undated: int) -> tuple[Check, ...]:
    """Living children enrolled nowhere whom the selection could not judge: counted, for there is nothing to compare with."""
    return (Check(name="undated", title="Не вошли в отбор: дата рождения неизвестна", left=undated, right=None, note="нигде не числятся"),)


def build(connection: Connection, provenance: Provenance, *, with_names: bool) -> Report:
    """The report from marts not_enrolled and coverage; names are read only when `with_names`."""
    rows, coverage = mart(connection, "not_enrolled"), mart(connection, "coverage")
    left_out = frame(connection, LEFT_OUT).iloc[0]
    ages, places, listed = by_age(rows), by_municipality(coverage, rows), work_list(rows)
    restricted = (named_list(listed, rows, frame(connection, PEOPLE)),) if with_names else ()
    children, in_doubt = int(coverage["child_count"].sum()), int(rows["may_be_enrolled"].sum())
    refused = int(frame(connection, REFUSED)["refused"].iloc[0])
    waiting = (f"В последних поставках журналов и вузов отвергнуто записей о лицах: {number(refused)}. Отвергнутая запись не хранится и ни с кем не связана, "
               "поэтому такой ребёнок может стоять в этом списке, хотя обучается.")
    return Report(
        name="not_enrolled", title="Дети 7–17 лет, которые нигде не обучаются", form="1-НД (форма-преемница)", provenance=provenance,
        lead=f"{number(len(rows))} из {number(children)} детей 7–17 лет нигде не обучаются, из них {number(in_doubt)} возможно обучаются "
             f"(связь записей на рассмотрении); причина известна у {number(rows['is_reason_known'].sum())}.",
        tables=(ages, places, by_reason(rows), listed), restricted=restricted, notes=(*NOTES, waiting),
        checks=(*checks(rows, coverage, ages, places), *not_checked(int(left_out["undated"]))))


DEFINITION = Definition(
    code="R5", name="not_enrolled", title="Дети 7–17 лет, которые нигде не обучаются", form="not_enrolled", build=build, names_children=True,
    marts=("not_enrolled", "coverage", "refused_now", "pupil", "pupil_identified", "enrolment", "enrolment_told"), sections=("1-НД (форма-преемница)",))
