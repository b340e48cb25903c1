"""Universities, students, their stays, results and disciplines put into a drawn region."""

from __future__ import annotations

from drawn import ULAN_UDE, Region

UNIVERSITY, OTHER_UNIVERSITY = "1020000000011", "1020000000012"
TABLES = ("core.exam", "core.course")


def universities(region: Region) -> None:
    """Two universities and nobody in them; results of the test before are taken away."""
    with region.engine.begin() as connection:
        for table in TABLES:
            connection.exec_driver_sql(f"DELETE FROM {table}")
    region.organisation(UNIVERSITY, "БГУ", kind="university")
    region.organisation(OTHER_UNIVERSITY, "ВСГУТУ", kind="university")


def student(region: Region, *, sex: str | None = "F", oktmo: str | None = ULAN_UDE, is_resident: bool | None = True, death_date: str | None = None) -> int:
    return region.child("2006-05-01", sex, oktmo=oktmo, is_resident=is_resident, death_date=death_date, source="vuz_scos")


def stay(region: Region, pupil: int, valid_from: str = "2024-09-01", valid_to: str | None = None, *, at: str = UNIVERSITY, code: str = "44.03.01",
         study_form: str = "full_time", exit_reason: str | None = None) -> None:
    region.insert("core.enrolment", **region.meta(next(region.numbers), "vuz_scos"), record_id=pupil, organisation_key=at, programme="higher",
                  study_form=study_form, valid_from=valid_from, valid_to=valid_to, exit_reason=exit_reason, programme_code=code, programme_title=f"Программа {code}")


def exam(region: Region, pupil: int, value: int, mark_type: str = "MARK", *, discipline: str = "Химия", semester: int = 1, at: str = UNIVERSITY) -> None:
    passing = {"MARK": 3, "DIF_CREDIT": 3, "CREDIT": 1, "HUNDRED_POINT": 60}[mark_type]
    region.insert("core.exam", **region.meta(next(region.numbers), "vuz_scos"), record_id=pupil, organisation_key=at, discipline=discipline, semester=semester,
                  mark_type=mark_type, exam_value=value, is_passed=value >= passing)


def course(region: Region, pupil: int, discipline: str, *, semester: int = 1, code: str = "44.03.01", at: str = UNIVERSITY) -> None:
    region.insert("core.course", **region.meta(next(region.numbers), "vuz_scos"), record_id=pupil, organisation_key=at, discipline=discipline, semester=semester,
                  programme_code=code, programme_title=f"Программа {code}")
