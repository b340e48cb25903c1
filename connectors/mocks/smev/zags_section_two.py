"""Section 2 of the register: acts that stand on a document of a foreign state."""

from __future__ import annotations

from connectors.mocks.smev.markup import absent, attribute, element
from connectors.mocks.smev.zags_parts import Act, authority


def is_foreign(act: Act) -> bool:
    """[D] A birth abroad to a foreign mother: no place in the country, citizenship other than 643."""
    return act["act_kind"] == "birth" and act["birth_oktmo"] is None and act["mother_citizenship"] not in (None, "643")


def foreign_document(act: Act) -> str:
    """СВедЕГРРазд2 (capital В) with СпоcПод (Latin c), or nothing for an act of section 1."""
    return f"<z:СВедЕГРРазд2>{_notice(act)}{_document(act)}</z:СВедЕГРРазд2>" if is_foreign(act) else ""


def _notice(act: Act) -> str:
    office = authority("f:ОрганЗАГС", act["authority_name"], act["authority_code"])
    return (f'<f:СвУведомл СпоcПод="1">{absent("f", "КодВидУвед")}{absent("f", "ДатаУвед")}'
            f'<f:СведЗАГСУвед{attribute("ДатаПринят", act["version_date"])}>{office}{absent("f", "ФИООтв")}</f:СведЗАГСУвед></f:СвУведомл>')


def _document(act: Act) -> str:
    absent_all = "".join(absent("f", name) for name in ("НаимДокТекст", "Номер", "Дата", "НаимОрган"))
    legal = "".join(absent("f", name) for name in ("ПодпИн", "ЗасвидДок", "ЗасвидПеревод"))
    return (f'<f:СвДокИн>{element("f:КодОКСМ", act["mother_citizenship"])}{element("f:НаимСтраны", "Иностранное государство")}'
            f'<f:РеквизИнДок ТипДок="00001">{absent_all}</f:РеквизИнДок>'
            f'<f:ЮрЗначДок СвОттискПеч="1" СвЛегал="1">{legal}{element("f:СвОтказЛегализ", "1")}</f:ЮрЗначДок></f:СвДокИн>')
