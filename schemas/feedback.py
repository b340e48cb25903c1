"""What is said to people about deliveries that were held: what the code means, what to do, and whether a person may let it in."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.rules import RULES


@dataclass(frozen=True, kw_only=True)
class Hold:
    """One kind of hold; `code` is a whole code or what it begins with (then it ends in a dot)."""

    code: str
    title: str
    """Russian: what was found."""
    advice: str
    """Russian: what to do."""
    may_overrule: bool = False
    """A person may let the delivery in as it is."""


_DECIDE = "Сверить с отправителем; затем выпустить (release) или вернуть (return), с основанием."
_AGAIN = "Исправить описание формата или перечень и повторить (replay), либо вернуть отправителю (return)."
_RESEND = "Вернуть отправителю (return): нужен исправленный файл."
_ENGINEER = "Сообщить разработчику; после исправления повторить (replay)."

HOLDS: tuple[Hold, ...] = (
    Hold(code="delivery.rows.range", title="Число записей вне обычного для источника", advice=_DECIDE, may_overrule=True),
    Hold(code="delivery.refused.share", title="Отвергнуто более трети записей", advice=_DECIDE, may_overrule=True),
    Hold(code="delivery.rows.shrink", title="Список сократился более чем вдвое", advice=_DECIDE, may_overrule=True),
    Hold(code="drift.", title="Поставка непохожа на прежние поставки отправителя", advice=_DECIDE, may_overrule=True),
    Hold(code="identity.keys_swapped", title="Ключи отправителя обозначают других детей", advice=_DECIDE, may_overrule=True),
    Hold(code="identity.keys_waiting", title="Ждёт решения о ключах того же отправителя", advice=_DECIDE, may_overrule=True),
    Hold(code="identity.keys_returned", title="Возвращена отправителю", advice="Отправитель присылает новый файл."),
    Hold(code="delivery.returned", title="Возвращена отправителю", advice="Отправитель присылает новый файл."),
    Hold(code="reading.", title="Файл не удалось прочитать: ошибка программы", advice=_ENGINEER),
    Hold(code="staging.", title="Разобранные записи не сходятся со счётом", advice=_ENGINEER),
    Hold(code="xml.truncated", title="Документ обрывается", advice=_RESEND),
    Hold(code="xml.not_well_formed", title="Документ повреждён", advice=_RESEND),
    Hold(code="xml.", title="Документ не соответствует схеме", advice=_AGAIN),
    Hold(code="table.", title="Таблица не соответствует описанию формата", advice=_AGAIN),
    Hold(code="json.", title="Ответ журнала другой формы", advice=_AGAIN),
    Hold(code="conversation.", title="Разговор с журналом неполон", advice=_AGAIN),
    Hold(code="smev.", title="Сообщение СМЭВ отклонено или не понято", advice=_AGAIN),
    Hold(code="mime.", title="Вложение сообщения повреждено", advice=_RESEND),
    Hold(code="package.", title="В пакете не все части", advice=_RESEND),
    Hold(code="zip.", title="Архив повреждён или опасен", advice=_RESEND),
    Hold(code="tar.", title="Сохранённый разговор повреждён", advice=_RESEND),
    Hold(code="workbook.", title="Книга слишком велика", advice=_RESEND),
)
RETURNED = ("identity.keys_returned", "delivery.returned")
KEYS = ("identity.keys_swapped", "identity.keys_waiting")
"""Whose children the keys mean only a person can say: reading again would not."""


def hold(code: str) -> Hold:
    """What is known of a code: its own kind, else the rule its records broke, else something for an engineer."""
    for known in HOLDS:
        if code == known.code or (known.code.endswith(".") and code.startswith(known.code)):
            return known
    title = RULES[code].title if code in RULES else "Поставка задержана"
    return Hold(code=code, title=title, advice=_AGAIN if code in RULES else _ENGINEER)
