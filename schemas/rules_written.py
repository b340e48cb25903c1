"""Rules that look at one whole record: what cleaning finds, and contradictions between two of its values."""

from __future__ import annotations

from schemas.rule import AT_SOURCE, FOR_ENGINEER, Rule, Severity
from schemas.tables import STAGING

_SNILS = "СНИЛС: неверное контрольное число (или номер из одинаковых цифр)"
_EXCHANGE = "обмен АИС «Контингент» (datatransfer-client 2.17.0): проверка контрольной суммы СНИЛС"

CLEANED: tuple[Rule, ...] = (
    Rule(id="person.test_record", title="Проверочная запись журнала («Тест…»)", advice="Удалить проверочных учеников из журнала."),
    Rule(id="person.name.lost_letters", title="В имени знак «?» вместо буквы: кодировка файла не вмещает ү, ө, һ",
         advice="Выгрузить файл в UTF-8 или исправить имя в журнале."),
    Rule(id="person.name.required", title="Не указаны фамилия и имя", advice="Указать фамилию и имя ученика у отправителя."),
    Rule(id="person.birth.required", title="Не указана дата рождения", advice="Указать дату рождения ученика у отправителя."),
    Rule(id="person.snils.control_number", title=_SNILS, advice="Сверить СНИЛС со свидетельством и исправить у отправителя; ребёнок принят без номера.",
         severity="warn", version=2, ground=_EXCHANGE),
    Rule(id="person.mother_snils.control_number", title=_SNILS, advice="Сверить СНИЛС матери.", severity="warn", ground=_EXCHANGE),
    Rule(id="snils_validation.snils.control_number", title=_SNILS, advice="Сообщить оператору СФР.", ground=_EXCHANGE),
    Rule(id="mark.value.unknown", title="Отметка не понята", advice="Дополнить словарь отметок журнала или исправить отметку."),
    Rule(id="final_mark.period.unknown", title="Учебный период не понят", advice="Сообщить оператору: журнал изменил названия периодов."),
    Rule(id="enrolment.class.unknown", title="Класс не понят", advice="Указать класс числом и буквой, например «5А»."),
)
"""What only the cleaning of a source can see."""


def _between(id: str, title: str, sql: str, advice: str = AT_SOURCE, severity: Severity = "refuse", *, keeps_value: bool = False) -> Rule:
    return Rule(id=id, title=title, sql=sql, advice=advice, severity=severity, scope="cross_field", keeps_value=keeps_value)


_COMPARE = "Сверить обе даты с документом и исправить неверную у отправителя."
_EARLY = "раньше даты рождения"

CROSS_FIELD: tuple[Rule, ...] = (
    _between("person.birth_act.before_birth", f"Запись акта о рождении составлена {_EARLY}", "birth_act_date < birth_date", _COMPARE),
    _between("person.death.before_birth", f"Дата смерти {_EARLY}", "death_date < birth_date", _COMPARE),
    _between("person.birth_certificate_date.before_birth", f"Свидетельство о рождении выдано {_EARLY}", "birth_certificate_date < birth_date", _COMPARE, "warn"),
    _between("person.birth_certificate_date.before_act", "Свидетельство о рождении выдано раньше записи акта", "birth_certificate_date < birth_act_date",
             _COMPARE, "warn"),
    _between("person.document_date.before_birth", f"Документ выдан {_EARLY}", "document_date < birth_date", _COMPARE, "warn"),
    _between("person.mother_birth_date.too_late", "Мать моложе ребёнка или старше его менее чем на 10 лет",
             "mother_birth_date + INTERVAL '10 years' > birth_date", _COMPARE, "warn"),
    _between("person.birth_order.over_count", "Порядковый номер ребёнка больше числа родившихся", "birth_order > birth_count", severity="warn"),
    *(_between(f"{entity}.interval.order", "Окончание раньше начала", "valid_to < valid_from", _COMPARE) for entity in ("residence", "citizenship", "enrolment")),
    _between("enrolment.grade_for_programme", "Класс не соответствует уровню образования",
             "programme = 'preschool' AND grade > 0 OR programme = 'primary' AND grade NOT BETWEEN 1 AND 4 "
             "OR programme = 'basic' AND grade NOT BETWEEN 5 AND 10 OR programme = 'secondary' AND grade NOT BETWEEN 10 AND 12",
             "Проверить класс и вид программы ученика в журнале.", "warn", keeps_value=True),
    _between("past_contingent.first_shift_count.over_total", "В первую смену больше обучающихся, чем всего", "first_shift_count > pupil_count",
             "Сверить строку с формой ОО-1 этого года.", "warn"),
    _between("mark.lesson_in_summer", "Отметка за урок в июле или августе", "extract(month FROM lesson_date) IN (7, 8)",
             "Проверить дату урока в журнале.", "warn", keeps_value=True),
    _between("exam.value_for_type", "Результат больше возможного для этого вида аттестации",
             "mark_type IN ('MARK', 'DIF_CREDIT') AND exam_value > 5 OR mark_type = 'CREDIT' AND exam_value > 1"),
)
"""Contradictions within a record, each as one predicate: asked at cleaning, and again of the laid out rows, where none may be left."""

LAID_OUT: tuple[Rule, ...] = tuple(rule for entity in STAGING for rule in (
    Rule(id=f"{entity}.nul", title="В тексте записи знак U+0000, которого в тексте не бывает", advice=AT_SOURCE, scope="cross_field"),
    Rule(id=f"{entity}.columns", title="Состав столбцов разложенных записей не тот, что объявлен", advice=FOR_ENGINEER, severity="hold", scope="door")))
"""What is found when records are laid out in the database."""
