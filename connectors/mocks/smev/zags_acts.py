"""The four kinds of acts as ЗАГС writes them: one row of `seen.zags_act` to one element."""

from __future__ import annotations

from connectors.mocks.smev.markup import absent, attribute, either, element, optional
from connectors.mocks.smev.zags_parts import (
    Act,
    authority,
    birth_place,
    birth_record,
    certificates,
    citizenship,
    dated,
    is_known,
    parent,
    person_name,
    record_date,
    snils,
)
from connectors.mocks.smev.zags_section_two import foreign_document, is_foreign

_SEX = {"M": "1", "F": "2"}
_CAUSE = ('<z:СведПричСмерт ТипПричСмерт="01"><z:СвПричСмертМКБ ПричСмертМКБ="Причина не уточнена" КодПричСмертМКБ="R99"/>'
          "</z:СведПричСмерт>")
"""Sent by the real sender, needed by nobody here: the receiver must drop it at the door."""


def _head(tag: str, act: Act, certificate: str) -> str:
    """The opening tag with the version of the act, its date, its office and its certificates."""
    section = "2" if is_foreign(act) else "1"
    return (f'<z:{tag} РазделЕГР="{section}"{attribute("НомерЗаписЕГР", act["wire_key"])}{attribute("НомерВерс", act["version"])}'
            f'{attribute("ДатаВерс", act["version_date"])}{attribute("КодСостСтат", act["status_code"])}>'
            f'{record_date("z", act["act_date"], act["version_date"])}{authority("z:ОрганЗАГС", act["authority_name"], act["authority_code"])}'
            f'{certificates(f"z:{certificate}", act)}')


def _sex(act: Act) -> str:
    return either("z", "Пол", _SEX.get(act["sex"] or ""))


def _born(act: Act) -> str:
    return dated("z", "ДатаРожд", act["birth_date"], act["birth_date_partial"])


def _names(tag: str, act: Act, side: str = "") -> str:
    return person_name(tag, act[f"{side}family_name"], act[f"{side}given_name"], act[f"{side}patronymic"])


def _births(act: Act) -> str:
    """СведРоды: how many were born at once and which of them this is."""
    if act["birth_count"] is None:
        return ""
    order = absent("z", "Счет") if act["birth_order"] is None else element("z:Счет", act["birth_order"])
    return f"<z:СведРоды>{element('z:ЧислоРодДетей', act['birth_count'])}{order}</z:СведРоды>"


def birth(act: Act) -> str:
    """СведРегРожд."""
    alive = None if act["is_alive"] is None else int(act["is_alive"])
    mother = parent("z:СведМать", act, "mother") if is_known(act, "mother") else absent("z", "Мать")
    father = parent("z:СведОтец", act, "father") if is_known(act, "father") else absent("z", "Отец")
    return (f"{_head('СведРегРожд', act, 'СвидетРожд')}<z:ПрдСведРег>{absent('z', 'СчетМатер')}{_births(act)}"
            f"<z:СведРодившемся{snils(act['snils'], act['wire_key'])}>{either('z', 'ЖивМертв', alive)}{_sex(act)}{_names('z:ФИОРожд', act)}"
            f"{_born(act)}{birth_place('z', act)}</z:СведРодившемся>{mother}{father}{absent('z', 'СведДокОснОтец')}{absent('z', 'СведДокРод')}"
            f"</z:ПрдСведРег>{foreign_document(act)}</z:СведРегРожд>")


def name_change(act: Act) -> str:
    """СведРегПерИмя: names before and after, and the birth act they belong to."""
    return (f"{_head('СведРегПерИмя', act, 'СвидетПерИмя')}<z:ПрдСведРег{snils(act['snils'], act['wire_key'])}>{citizenship('z', None)}"
            f"{_names('z:ФИОДо', act)}{_names('z:ФИОПосле', act, 'after_')}{_born(act)}{birth_place('z', act)}{absent('z', 'АдрМЖ')}"
            f"{absent('z', 'УдЛичнФЛ')}{birth_record('z', act)}</z:ПрдСведРег>{foreign_document(act)}</z:СведРегПерИмя>")


def paternity(act: Act) -> str:
    """СведРегОтцов: the block of a foreign document stands inside ПрдСведРег here, and only here."""
    before = [act["family_name"], act["given_name"], act["patronymic"]]
    names_before = _names("z:ФИОДо", act) if any(before) else absent("z", "ФИОДо")
    mother = parent("z:СведМать", act, "mother") if is_known(act, "mother") else absent("z", "СведМать")
    return (f"{_head('СведРегОтцов', act, 'СвидетРегОтцов')}<z:ПрдСведРег><z:СведРебенок{snils(act['snils'], act['wire_key'])}>"
            f"{_sex(act)}{names_before}{_names('z:ФИОПосле', act, 'after_')}{_born(act)}{birth_place('z', act)}{birth_record('z', act)}"
            f"</z:СведРебенок>{mother}{parent('z:СведОтец', act, 'father')}{absent('z', 'СвДокОтцов')}{foreign_document(act)}"
            f"</z:ПрдСведРег></z:СведРегОтцов>")


def death(act: Act) -> str:
    """СведРегСмерт."""
    return (f"{_head('СведРегСмерт', act, 'СвидетСмерт')}<z:ПрдСведРег{snils(act['snils'], act['wire_key'])}>{_sex(act)}{citizenship('z', None)}"
            f"{_names('z:ФИОУмер', act)}{birth_place('z', act)}{_born(act)}{absent('z', 'УдЛичнФЛ')}{absent('z', 'МЖПосл')}"
            f"{optional('z:ДатаСмертКаленд', act['death_date']) or absent('z', 'ДатаСмерт')}{absent('z', 'ВремяСмерт')}"
            f"{absent('z', 'МестоСмерт')}{_CAUSE}</z:ПрдСведРег>{foreign_document(act)}</z:СведРегСмерт>")
