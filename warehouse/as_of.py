"""What an analyst may ask of any day: SQL functions of `marts` over its views, so that they show no more than the views do."""

# ruff: noqa: S608  every name below is written here

from __future__ import annotations

from sqlalchemy import Connection, text

from warehouse.roles import readers

_FORCE = "{fact}.valid_from <= (SELECT on_day) AND ({fact}.valid_to IS NULL OR {fact}.valid_to > (SELECT on_day))"
_ALIVE = "(pupil.death_date IS NULL OR pupil.death_date > (SELECT on_day))"
"""A day given as `core.report_date()` is asked once, not for each row."""
_GENERAL = "enrolment.programme IN ('primary', 'basic', 'secondary')"
_PLACE = """row_number() OVER (
        PARTITION BY enrolment.pupil_id, CASE WHEN {general} THEN 'general' WHEN enrolment.programme = 'preschool' THEN 'preschool' ELSE 'professional' END
        ORDER BY enrolment.valid_from DESC, enrolment.organisation_key, enrolment.grade DESC, enrolment.class_letter, enrolment.record_id)::integer"""

FUNCTIONS = (
    ("age_at", "birth_date date, on_day date", "integer", "IMMUTABLE PARALLEL SAFE",
     "SELECT CASE WHEN on_day >= birth_date THEN EXTRACT(YEAR FROM age(on_day, birth_date))::integer END",
     "Полных лет на день; родившемуся 29 февраля год исполняется 1 марта, если год не високосный; до рождения – пусто"),
    ("age_at_1_january", "birth_date date, in_year integer", "integer", "IMMUTABLE PARALLEL SAFE",
     "SELECT marts.age_at(birth_date, make_date(in_year, 1, 1))",
     "Полных лет на 1 января названного года: ОО-1 считает на 1 января после 20 сентября, 1-НД – на 1 января отчётного года"),
    ("enrolled_on", "on_day date",
     "TABLE (pupil_id bigint, record_id bigint, organisation_key text, programme text, grade bigint, class_letter text, study_form text, shift bigint, "
     "valid_from date, place integer)", "STABLE ROWS 100000",
     f"""SELECT enrolment.pupil_id, enrolment.record_id, enrolment.organisation_key, enrolment.programme, enrolment.grade, enrolment.class_letter,
        enrolment.study_form, enrolment.shift, enrolment.valid_from, {_PLACE.format(general=_GENERAL)}
    FROM marts.enrolment JOIN marts.pupil ON pupil.pupil_id = enrolment.pupil_id
    WHERE {_FORCE.format(fact='enrolment')} AND {_ALIVE}""",
     "Кто где учится в этот день: строка – зачисление живого ребёнка; place = 1 – то, что считается (отдельно школа, детский сад, профессиональное). "
     "Для многих детей это быстрый путь: одно чтение на всех"),
    ("resident_on", "on_day date",
     "TABLE (pupil_id bigint, residence_kind text, oktmo text, settlement text, is_rural boolean, is_outside_region boolean, valid_from date)",
     "STABLE ROWS 100000",
     f"""SELECT DISTINCT ON (residence.pupil_id) residence.pupil_id, residence.residence_kind, residence.oktmo, residence.settlement, residence.is_rural,
        residence.is_outside_region, residence.valid_from
    FROM marts.residence JOIN marts.pupil ON pupil.pupil_id = residence.pupil_id
    WHERE {_FORCE.format(fact='residence')} AND {_ALIVE}
    ORDER BY residence.pupil_id, residence.residence_kind, residence.valid_from DESC, residence.record_id DESC, residence.oktmo""",
     "Кто где зарегистрирован в этот день: строка – живой ребёнок; место жительства важнее места пребывания, позднее важнее раннего. "
     "Для многих детей это быстрый путь: одно чтение на всех"),
    ("grade_on", "of_pupil_id bigint, on_day date", "bigint", "STABLE",
     f"""SELECT enrolment.grade FROM marts.enrolment JOIN marts.pupil ON pupil.pupil_id = enrolment.pupil_id
    WHERE enrolment.pupil_id = of_pupil_id AND {_GENERAL} AND {_FORCE.format(fact='enrolment')} AND {_ALIVE}
    ORDER BY enrolment.valid_from DESC, enrolment.organisation_key, enrolment.grade DESC, enrolment.class_letter, enrolment.record_id LIMIT 1""",
     "Класс (параллель) одного ребёнка в этот день; пусто – в школе не учится. Для многих детей быстрее marts.enrolled_on"),
    ("residence_on", "of_pupil_id bigint, on_day date", "text", "STABLE",
     f"""SELECT residence.oktmo FROM marts.residence JOIN marts.pupil ON pupil.pupil_id = residence.pupil_id
    WHERE residence.pupil_id = of_pupil_id AND {_FORCE.format(fact='residence')} AND {_ALIVE}
    ORDER BY residence.residence_kind, residence.valid_from DESC, residence.record_id DESC, residence.oktmo LIMIT 1""",
     "Муниципалитет (ОКТМО) регистрации одного ребёнка в этот день; пусто – неизвестен или вне республики. Для многих детей быстрее marts.resident_on"),
)
"""Name, arguments, what it returns, how PostgreSQL may treat it, body, Russian comment. `valid_to` is the first day that no longer counts."""


def create(connection: Connection) -> None:
    """Make the functions and let those call them who read the views; run as the owner after the views."""
    for name, arguments, returns, kind, body, title in FUNCTIONS:
        types = ", ".join(argument.split()[1] for argument in arguments.split(", "))
        signature = f"marts.{name}({types})"
        connection.exec_driver_sql(f"CREATE FUNCTION marts.{name}({arguments}) RETURNS {returns} LANGUAGE sql {kind} AS $$\n    {body}\n$$")
        connection.exec_driver_sql(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        connection.exec_driver_sql(f"GRANT EXECUTE ON FUNCTION {signature} TO {', '.join(readers([]))}")
        connection.exec_driver_sql(f"COMMENT ON FUNCTION {signature} IS '{title}'")


def drop(connection: Connection) -> None:
    """Remove every function of `marts`, so that views below them may change."""
    found = connection.execute(text("SELECT CAST(CAST(oid AS regprocedure) AS text) FROM pg_proc WHERE pronamespace = to_regnamespace('marts')")).scalars().all()
    for signature in found:
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {signature} CASCADE")
