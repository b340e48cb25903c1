"""Rules over records together: with others of the delivery, with what is loaded, with the day they came. Asked in PostgreSQL.

`one` is the record, with `source` and `as_of` of its delivery; the others of its delivery are in `staging.<entity>`.
"""

# ruff: noqa: S608  names come from the declarations

from __future__ import annotations

from schemas.rule import AT_SOURCE, Rule, Severity
from schemas.tables import FACTS, STAGING
from schemas.warehouse import OPEN

_FUTURE = "Исправить дату у отправителя: она позже дня поставки."
_YEAR_START = "make_date((extract(year FROM {day}) - CASE WHEN extract(month FROM {day}) < 9 THEN 1 ELSE 0 END)::integer, 9, 1)"
"""1 September of the school year a day is in."""
_PERIOD_STARTS = {"Q1": (9, 1), "H1": (9, 1), "T1": (9, 1), "Q2": (10, 20), "T2": (11, 1), "H2": (12, 20), "Q3": (12, 20), "T3": (2, 1), "Q4": (3, 15),
                  "Y": (4, 1)}
"""(month, day) before which a period has hardly begun."""


def _of(id: str, title: str, sql: str, advice: str = AT_SOURCE, severity: Severity = "refuse") -> Rule:
    return Rule(id=id, title=title, sql=sql, advice=advice, severity=severity, scope="set")


def _in_delivery(entity: str, condition: str, key: str = "source_key") -> str:
    """SQL: the delivery has a row of `entity` about the same person for which the condition on `other` holds."""
    return (f"EXISTS (SELECT FROM staging.{entity} AS other WHERE other.delivery_id = one.delivery_id AND other.{key} = one.person_key AND {condition})")


def _shared(entity: str, columns: tuple[str, ...], condition: str) -> str:
    """SQL: another key of the same delivery has the same values in `columns`."""
    names = ", ".join(f"one.{name}" for name in columns)
    return (f"{condition} AND (one.delivery_id, {names}) IN (SELECT one.delivery_id, {names} FROM staging.{entity} AS one WHERE {condition} "
            f"GROUP BY one.delivery_id, {names} HAVING count(DISTINCT source_key) > 1)")


_AGE_DAY = _YEAR_START.format(day="coalesce(least(one.valid_to, one.as_of), one.as_of)")
_AGE = f"extract(year FROM age({_AGE_DAY}, other.birth_date))"
_PUPIL = "one.grade BETWEEN 1 AND 12 AND one.programme IN ('primary', 'basic', 'secondary')"


def _aged(*cases: tuple[str, str]) -> str:
    """SQL: for one of (which enrolments, at which ages) it holds; age in whole years at 1 September of the year of study."""
    told = " OR ".join(f"({which} AND {_AGE} {ages})" for which, ages in cases)
    return _in_delivery("person", f"({told})")


_PERIOD_BEGINS = ("CASE substring(one.period FROM 6) " + " ".join(
    f"WHEN '{period}' THEN make_date(substring(one.period FROM '^[0-9]+')::integer + {int(month < 9)}, {month}, {day})"
    for period, (month, day) in _PERIOD_STARTS.items()) + " END")

SET: tuple[Rule, ...] = (
    _of("person.birth.future", "Дата рождения позже дня поставки", "one.birth_date > one.as_of", _FUTURE),
    _of("person.death.future", "Дата смерти позже дня поставки", "one.death_date > one.as_of", _FUTURE),
    _of("person.birth_act.future", "Запись акта о рождении составлена позже дня поставки", "one.birth_act_date > one.as_of", _FUTURE),
    _of("person.sequence_twice", "Две разные записи под одним ключом и номером версии: осталась последняя",
        "(one.delivery_id, one.source_key, one.sequence) IN (SELECT delivery_id, source_key, sequence FROM staging.person "
        "GROUP BY delivery_id, source_key, sequence HAVING count(DISTINCT record_hash) > 1)", "Дать каждой версии записи свой номер.", "warn"),
    _of("person.twice_in_list", "Один и тот же ребёнок дважды в списке организации",
        _shared("person", ("organisation_key", "family_name", "given_name", "birth_date"), "one.organisation_key IS NOT NULL AND one.record_status = 'active'"),
        "Проверить, не заведён ли ученик в журнале дважды.", "warn"),
    _of("person.snils_shared", "Один СНИЛС у двух лиц одной поставки",
        _shared("person", ("snils",), "one.snils IS NOT NULL AND one.organisation_key IS NOT NULL AND one.record_status = 'active'"),
        "Сверить СНИЛС обоих лиц со свидетельствами.", "warn"),
    _of("enrolment.before_birth", "Зачисление раньше рождения", _in_delivery("person", "other.birth_date > one.valid_from"),
        "Сверить дату рождения и дату зачисления с личным делом и исправить неверную."),
    _of("enrolment.far_future", "Зачисление более чем через год после дня поставки", "one.valid_from > one.as_of + 366", _FUTURE),
    _of("enrolment.organisation_unknown", "Организации нет в реестре министерства",
        f"EXISTS (SELECT FROM core.organisation WHERE version_to = {OPEN}) AND NOT EXISTS (SELECT FROM core.organisation AS known "
        f"WHERE known.organisation_key = one.organisation_key AND known.version_to = {OPEN})", "Внести организацию в реестр."),
    _of("enrolment.age_impossible", "Возраст ребёнка невозможен для его класса",
        _aged((_PUPIL, "< one.grade + 2"), ("one.programme = 'preschool'", "> 15"), ("one.programme = 'vocational'", "< 11"), ("one.programme = 'higher'", "< 12")),
        "Сверить дату рождения и класс с личным делом."),
    _of("enrolment.age_unusual", "Возраст ребёнка необычен для его класса",
        _aged((_PUPIL, "NOT BETWEEN one.grade + 5 AND one.grade + 9"), ("one.programme = 'preschool'", "> 8"), ("one.programme = 'vocational'", "< 14"),
              ("one.programme = 'higher'", "< 16")),
        "Проверить дату рождения и класс; если верны, ничего не делать.", "warn"),
    _of("enrolment.active_twice", "Два действующих зачисления по одной программе у одного лица одного источника",
        _shared("enrolment", ("person_key", "programme"), "one.valid_to IS NULL"), "Закрыть прежнее зачисление у отправителя.", "warn"),
    _of("residence.far_future", "Регистрация более чем через год после дня поставки", "one.valid_from > one.as_of + 366", _FUTURE),
    *(_of(f"{entity}.future", "Урок позже дня поставки", "one.lesson_date > one.as_of", _FUTURE) for entity in ("mark", "attendance")),
    *(_of(f"{entity}.other_year", "Урок прошлого учебного года", f"one.lesson_date < {_YEAR_START.format(day='one.as_of')}",
          "Проверить дату урока в журнале; поздняя правка прошлого года допустима.", "warn") for entity in ("mark", "attendance")),
    *(_of(f"{entity}.outside_enrolment", "Урок вне срока обучения в организации",
          "NOT EXISTS (SELECT FROM staging.enrolment AS other JOIN staging.delivery AS its USING (delivery_id) WHERE its.source = one.source "
          "AND other.person_key = one.person_key AND one.lesson_date >= other.valid_from AND one.lesson_date <= coalesce(other.valid_to, one.lesson_date)) "
          "AND NOT EXISTS (SELECT FROM identity.source_record AS person JOIN core.enrolment AS other USING (record_id) "
          f"WHERE person.source = one.source AND person.source_key = one.person_key AND other.version_to = {OPEN} "
          "AND one.lesson_date >= other.valid_from AND one.lesson_date <= coalesce(other.valid_to, one.lesson_date))",
          "Проверить даты зачисления и выбытия ученика.", "warn") for entity in ("mark", "attendance")),
    _of("past_contingent.not_past", "Учебный год ещё не начался", "make_date(one.school_year::integer, 9, 20) > one.as_of", "Исправить учебный год в архиве форм."),
    _of("final_mark.future_year", "Итоговая отметка за учебный год, который ещё не начался",
        "make_date(substring(one.period FROM '^[0-9]+')::integer, 9, 1) > one.as_of", "Исправить учебный год или период у отправителя."),
    _of("final_mark.early", "Итоговая отметка за период, который ещё не шёл", f"one.as_of < {_PERIOD_BEGINS}", "Проверить период отметки в журнале.", "warn"),
    *(_of(f"{entity}.person_unknown", f"{STAGING[entity].title}: лица с таким ключом у этого источника нет или его запись отклонена",
          "NOT EXISTS (SELECT FROM identity.source_record AS person WHERE person.source = one.source AND person.source_key = one.person_key)",
          "Исправить запись лица; после этого отклонённое загружается повторно командой replay.") for entity in FACTS),
)
"""Those ending in `person_unknown` are judged by the load, when the persons of the delivery are in."""

GATE_SET: tuple[Rule, ...] = tuple(rule for rule in SET if rule.kind != "person_unknown")
"""Judged at the record gate."""
