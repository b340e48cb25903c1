"""Columns and titles of the marts on benefits and their evidence."""

from __future__ import annotations

from schemas.fields import Field
from schemas.mart_areas.fields import open_field, quasi

STATUSES = ("proved", "document", "expired", "contradictory")

FIELDS: dict[str, Field] = {
    "family_id": Field(type="integer", title="Семья по матери (наименьший идентификатор её детей)", sensitivity="direct",
                       purpose="подтверждение льгот без документов", ground="273-ФЗ, ст. 98"),
    "child_number": quasi("integer", "Каким по счёту родился у матери (по актам, известным регистру)"),
    "is_doubtful": quasi("boolean", "Мать по актам узнаётся не наверное"),
    "has_two_mothers": quasi("boolean", "Акты называют двух матерей"),
    "received_date": open_field("date", "Когда получено от источника"),
    "evidence": open_field("text", "Подтверждение (слово правил о льготах)"),
    "evidence_number": open_field("integer", "Номер подтверждения в правиле"),
    "evidence_status": Field(type="text", title="Состояние подтверждения", sensitivity="quasi", purpose="подтверждение льгот без документов",
                             ground="273-ФЗ, ст. 98", values=STATUSES),
    "fact_number": quasi("integer", "Число, о котором говорит подтверждение"),
    "fact_code": quasi("text", "Код, о котором говорит подтверждение"),
    "contradiction": quasi("text", "Что противоречит подтверждению"),
    "is_paper_saved": quasi("boolean", "Документ родителю приносить не нужно: подтвердил регистр"),
    "is_expiring": quasi("boolean", "Подтверждение кончается в ближайшие 30 дней"),
    "benefit": open_field("text", "Льгота"),
    "rule_standing": open_field("text", "Положение правила: действует, решает республика, проект"),
    "benefit_status": Field(type="text", title="Состояние права по всем подтверждениям", sensitivity="quasi", purpose="подтверждение льгот без документов",
                            ground="273-ФЗ, ст. 98", values=STATUSES),
    "amount_percent": quasi("integer", "Размер, процентов"),
    "evidence_count": open_field("integer", "Подтверждений нужно"),
    "saved_count": open_field("integer", "Документов больше не спрашивают"),
    "needed_count": open_field("integer", "Документов нужно принести"),
    "right_count": open_field("integer", "Детей, о чьём праве идёт речь"),
    "proved_count": open_field("integer", "Право подтверждено регистрами"),
    "document_count": open_field("integer", "Нужен документ"),
    "expired_count": open_field("integer", "Подтверждение истекло"),
    "contradictory_count": open_field("integer", "Сведения противоречат друг другу"),
    "expiring_count": open_field("integer", "Подтверждение кончается в ближайшие 30 дней"),
}

TITLES: dict[str, str] = {
    "benefit": "Льготы детей на отчётную дату: право, срок, размер, чем подтверждено",
    "benefit_evidence": "Подтверждения льгот: что сказал регистр, что нужно принести",
    "benefit_total": "Льготы по видам и организациям: подтверждено, нужен документ, противоречия",
    "evidence": "Что регистры говорят о детях для подтверждения льгот",
    "evidence_total": "Подтверждения льгот по видам и источникам",
    "family_child": "Дети одной матери по актам о рождении (видит только конвейер)",
}
