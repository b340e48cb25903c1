"""What figures count, one row each: queries over the same marts as the reports, with the keys that lead on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

QUERIES = Path(__file__).parent / "trace_units"


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One kind of thing that is counted: its Russian name, the marts it is read from, the table a key leads to, the query."""

    title: str
    mart: str
    table: str
    query: str


def _unit(name: str, title: str, mart: str, table: str) -> Unit:
    return Unit(title=title, mart=mart, table=table, query=(QUERIES / f"{name}.sql").read_text("utf-8"))


UNITS: dict[str, Unit] = {
    "benefit": _unit("benefit", "права детей на льготы", "marts.benefit", "core.pupil"),
    "benefit_evidence": _unit("benefit_evidence", "подтверждения льгот", "marts.benefit_evidence", "core.pupil"),
    "roll": _unit("roll", "учтённые зачисления", "marts.school_roll", "core.enrolment"),
    "conflict": _unit("conflict", "зачисления, не учтённые из-за более позднего", "marts.school_roll", "core.enrolment"),
    "child": _unit("child", "дети 7–17 лет", "marts.school_age_child, marts.not_enrolled", "core.pupil"),
    "preschool": _unit("preschool", "дети дошкольных групп", "marts.preschool_roll", "core.enrolment"),
    "preschool_child": _unit("preschool_child", "дети 1–6 лет", "marts.preschool_age_child", "core.pupil"),
    "movement": _unit("movement", "события движения обучающихся", "marts.movement_event", "core.enrolment"),
    "result": _unit("result", "обучающиеся с итоговыми отметками", "marts.pupil_result", "core.pupil"),
    "line": _unit("line", "поставки по видам записей", "marts.reconciliation", "quality.delivery"),
    "outside": _unit("outside", "поставки вне версии", "marts.not_loaded", "quality.delivery"),
    "refused": _unit("refused", "отвергнутые записи", "quality.refused_record", "quality.refused_record"),
    "snils": _unit("snils", "записи о лицах", "marts.snils_record", "identity.person_record"),
    "final": _unit("final", "итоговые отметки", "marts.final_counted", "core.pupil"),
    "absence": _unit("absence", "пропуски и опоздания", "marts.absence_counted", "core.pupil"),
    "signal": _unit("signal", "обучающиеся и признаки", "marts.pupil_signal", "core.pupil"),
    "standing": _unit("standing", "дети с итоговыми отметками", "marts.progress_pupil", "core.pupil"),
    "student": _unit("student", "студенты", "marts.student", "core.pupil"),
    "exam": _unit("exam", "результаты аттестации студентов", "marts.exam_outcome", "core.pupil"),
    "course": _unit("course", "дисциплины студентов", "marts.student_course", "core.pupil"),
    "student_flow": _unit("student_flow", "зачисления и отчисления студентов", "marts.student_flow", "core.pupil"),
    "student_origin": _unit("student_origin", "поступившие в вузы", "marts.student_origin", "core.pupil"),
    "cell": _unit("cell", "ячейки эталонных записей", "core.pupil_cell", "core.pupil")}
