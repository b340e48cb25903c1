"""Final marks and missed lessons of a drawn region."""

from __future__ import annotations

from drawn import SCHOOL, Region


def final(region: Region, child: int, value: str, *, subject: str | None = "russian", name: str = "Русский язык", period: str = "2025-Q1", at: str = SCHOOL) -> None:
    """A final mark as the journal wrote it: a digit, «зач», «н/а» or another word."""
    region.insert("core.final_mark", **region.meta(next(region.numbers), "journal_eljur"), record_id=child, organisation_key=at, subject=subject, subject_raw=name,
                  period=period, mark_value=int(value) if value.isdigit() else None, mark_text=value)


def finals(region: Region, child: int, values: str, *, period: str = "2025-Q1", at: str = SCHOOL) -> None:
    """Marks of as many subjects as there are words in `values`."""
    for number, value in enumerate(values.split()):
        final(region, child, value, subject=None, name=f"Предмет {number}", period=period, at=at)


def missed(region: Region, child: int, day: str, reason: str = "absent", *, lessons: int = 1, at: str = SCHOOL) -> None:
    """Lessons of one day that were missed, or come late to."""
    for _ in range(lessons):
        region.insert("core.attendance", **region.meta(next(region.numbers), "journal_eljur"), record_id=child, organisation_key=at, subject="russian",
                      subject_raw="Русский язык", lesson_date=day, absence_reason=reason)
