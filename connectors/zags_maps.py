"""What is read of each kind of act: element by element to a column of text, or nowhere on purpose."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from connectors.xml_rows import Node, Row, Target, ignored, under

_DAY = (("День", "day"), ("Месяц", "month"), ("Год", "year"))


def _partial(types: str, column: str) -> Node:
    """День, Месяц, Год of a date that may lack some."""
    return Node(under(types, {element: f"{column}_{part}" for element, part in _DAY} | ignored("ПрДень", "ПрМесяц")))


def _date(types: str, element: str, column: str, *, partial: str | None = None) -> dict[str, Target]:
    return {f"{element}Календ": column, partial or f"{element}Док": _partial(types, column), f"Пр{element}": f"{column}_absent"}


def _names(types: str, prefix: str = "") -> Node:
    return Node(under(types, {"Фамилия": f"{prefix}family_name", "ПрФамилия": None, "Имя": f"{prefix}given_name", "ПрИмя": None,
                              "Отчество": f"{prefix}patronymic", "ПрОтчество": f"{prefix}patronymic_absent"}))


def _document(types: str) -> Node:
    return Node(under(types, {"КодВидДок": "document_kind", "СерДок": "document_series", "НомДок": "document_number",
                              **_date(types, "ДатаДок", "document_date", partial="ДатаДокНеполн")}
                      | ignored("ПрКодВидДок", "ПрСерДок", "ПрНомДок", "ВыдДок", "ПрВыдДок", "КодВыдДок", "ПрКодВыдДок")))


def _mother(types: str) -> Node:
    address = Node(under(types, {"АдрМЖРФ": Node(under(types, {"АдрРФФИАС": Node({}, {"ОКТМО": "mother_oktmo"}),
                                                               "АдрРФНеФИАС": Node({}, {"ОКТМО": "mother_oktmo"}), "АдрТекст": None})),
                                 "АдрМЖИн": None, "АдрМЖКонв": None}))
    children: dict[str, Target] = {"ФИО": _names(types, "mother_"), **_date(types, "ДатаРожд", "mother_birth_date"), "АдрМЖ": address}
    rest = ignored("ПрГражданство", "ГраждТекст", "ГраждОКСМ", "МестоРожден", "ПрМестоРожден", "УдЛичнФЛ", "ПрУдЛичнФЛ", "ПрАдрМЖ")
    return Node(under(types, children | rest), {"СНИЛС": "mother_snils"})


def _basis(types: str) -> Node:
    """The act of birth a change belongs to; a paper instead of it says nothing we could join by."""
    act = Node(under(types, {"ДатаЗапис": "base_act_date", "ДатаЗаписДок": None, "ПрДатаЗапис": None,
                             "ОрганЗАГС": Node({}, {"КодЗАГС": "base_act_authority"})}), {"НомерЗапис": "base_act_number", "ТипАГС": "base_act_kind"})
    return Node(under(types, {"ЗапАктОсн": act, "ДокОсн": None}))


class _Certificates:
    """Of the first certificates and of the repeated ones, the last of each, into columns of their own."""

    def __init__(self, types: str) -> None:
        parts = {"СерияСвидет": "series", "НомерСвидет": "number", "ДатаВыдСвидет": "date"}
        rest = ignored("ПрСерияСвидет", "ПрНомерСвидет", "ПрДатаВыдСвидет", "ДатаВыдСвидетДок")
        self._nodes = {which: Node(under(types, {element: f"{which}_{part}" for element, part in parts.items()} | rest))
                       for which in ("certificate", "repeat")}

    def __call__(self, element: etree._Element, row: Row) -> None:
        row.update(self.chosen({"ТипСвидет": element.get("ТипСвидет") or ""}).row(element))

    def chosen(self, attributes: Mapping[str, str]) -> Node:
        """The map of one certificate, by its attributes."""
        return self._nodes["certificate" if attributes.get("ТипСвидет") == "1" else "repeat"]


def _act(root: str, types: str, facts: Node, certificate: str, *, reads_certificates: bool = False) -> Node:
    children: dict[str, Target] = {
        "ДатаЗапис": "act_date", "ДатаЗаписДок": None, "ОрганЗАГС": Node({}, {"КодЗАГС": "act_authority", "НаимЗАГС": "act_authority_name"}),
        certificate: _Certificates(types) if reads_certificates else None, "ПрдСведРег": facts, "СВедЕГРРазд2": None,
    }
    return Node(under(root, children), {"НомерЗаписЕГР": "act_number", "НомерВерс": "version", "КодСостСтат": "status"})


def birth(root: str, types: str) -> Node:
    """СведРегРожд in the namespace `root`."""
    newborn = Node(under(root, {"ЖивМертв": "is_alive", "Пол": "sex", "ФИОРожд": _names(types), **_date(types, "ДатаРожд", "birth_date"),
                                "МестоРожден": Node({}, {"ОКТМО": "birth_oktmo"})} | ignored("ПрЖивМертв", "ПрПол", "ПрМестоРожден")),
                   {"СНИЛС": "snils"})
    count = Node(under(root, {"ЧислоРодДетей": "birth_count", "Счет": "birth_order", "ПрСчет": None}))
    rest = ignored("СчетМатер", "ПрСчетМатер", "ПрМать", "СведОтец", "ПрОтец", "СведДокОснОтец", "ПрСведДокОснОтец", "СведДокРод", "ПрСведДокРод")
    facts = Node(under(root, {"СведРоды": count, "СведРодившемся": newborn, "СведМать": _mother(types)} | rest))
    return _act(root, types, facts, "СвидетРожд", reads_certificates=True)


def name_change(root: str, types: str) -> Node:
    """СведРегПерИмя in the namespace `root`."""
    children: dict[str, Target] = {
        "ГраждОКСМ": "citizenship", "ФИОДо": _names(types, "previous_"), "ФИОПосле": _names(types), **_date(types, "ДатаРожд", "birth_date"),
        "УдЛичнФЛ": _document(types), "СведРегРожд": _basis(types),
    }
    rest = ignored("ПрГражданство", "ГраждТекст", "МестоРожден", "ПрМестоРожден", "АдрМЖ", "ПрАдрМЖ", "ПрУдЛичнФЛ", "ПрСведРегРожд")
    return _act(root, types, Node(under(root, children | rest), {"СНИЛС": "snils"}), "СвидетПерИмя")


def paternity(root: str, types: str) -> Node:
    """СведРегОтцов in the namespace `root`; the father stays outside."""
    child = Node(under(root, {"Пол": "sex", "ФИОДо": _names(types, "previous_"), "ФИОПосле": _names(types), "СведРегРожд": _basis(types),
                              **_date(types, "ДатаРожд", "birth_date")}
                       | ignored("ПрПол", "ПрФИОДо", "МестоРожден", "ПрМестоРожден", "ПрСведРегРожд")), {"СНИЛС": "snils"})
    rest = ignored("ПрСведМать", "СведОтец", "СвДокОтцов", "ПрСвДокОтцов", "СВедЕГРРазд2")
    return _act(root, types, Node(under(root, {"СведРебенок": child, "СведМать": _mother(types)} | rest)), "СвидетРегОтцов")


def death(root: str, types: str) -> Node:
    """СведРегСмерт in the namespace `root`; the cause, the hour and the places stay outside."""
    children: dict[str, Target] = {
        "Пол": "sex", "ГраждОКСМ": "citizenship", "ФИОУмер": _names(types), "УдЛичнФЛ": _document(types),
        **_date(types, "ДатаРожд", "birth_date"), **_date(types, "ДатаСмерт", "death_date"),
    }
    rest = ignored("ПрПол", "ПрГражданство", "ГраждТекст", "МестоРожден", "ПрМестоРожден", "ПрУдЛичнФЛ", "МЖПосл", "ПрМЖПосл",
                   "ВремяСмерт", "ПрВремяСмерт", "МестоСмерт", "ПрМестоСмерт", "СведПричСмерт", "ПрСведПричСмерт")
    return _act(root, types, Node(under(root, children | rest), {"СНИЛС": "snils"}), "СвидетСмерт")


def columns(node: Node) -> list[str]:
    """Every column a map can fill, in its order."""
    found: list[str] = [column for _, column in node.attributes]
    for target in node.children.values():
        if isinstance(target, str):
            found.append(target)
        elif isinstance(target, Node):
            found += columns(target)
        elif isinstance(target, _Certificates):
            found += [f"{which}_{part}" for which in ("certificate", "repeat") for part in ("series", "number", "date")]
    return list(dict.fromkeys(found))
