"""Raw rows that show each rule only the cleaning of a source can see."""

from __future__ import annotations

JOURNAL: dict[str, tuple[str, dict[str, str | None]]] = {
    "person.test_record": ("person", {"family_name": "Тестов", "given_name": "Тест", "birth_date": "2014-03-09"}),
    "person.name.lost_letters": ("person", {"family_name": "Доржиев", "given_name": "С?сэг", "birth_date": "2014-03-09"}),
    "person.name.required": ("person", {"birth_date": "2014-03-09"}),
    "person.birth.required": ("person", {"family_name": "Доржиев", "given_name": "Баир"}),
    "person.snils.control_number": ("person", {"family_name": "Доржиев", "given_name": "Баир", "birth_date": "2014-03-09", "snils": "112-233-445 96"}),
    "mark.value.unknown": ("mark", {"key": "1", "subject": "Алгебра", "lesson_date": "2025-10-01", "value": "молодец", "is_debt": "false"}),
    "final_mark.period.unknown": ("final_mark", {"subject": "Алгебра", "period": "семестр", "school_year": "2025", "value": "5"}),
    "enrolment.class.unknown": ("enrolment", {"class": "выпускной", "entry_date": "2025-09-01", "study_form": "Очная"}),
}
SETTLED: dict[str, tuple[str, dict[str, str]]] = {
    "person.mother_snils.control_number": ("person", {"mother_snils": "11223344596"}),
    "snils_validation.snils.control_number": ("snils_validation", {"snils": "11223344596"}),
}
