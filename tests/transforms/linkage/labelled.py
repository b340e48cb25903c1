"""A table of records whose persons are known: twins, namesakes, swapped names, shared numbers, partial dates, new certificates."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

import pandas as pd

from transforms.link_table import COLUMNS

FAMILIES = ("ДОРЖИЕВ", "БАДМАЕВ", "ЦЫРЕНОВ", "ИВАНОВ", "ПЕТРОВ", "СОМОВ", "ОЧИРОВ", "РИНЧИНОВ", "КУЗНЕЦОВ", "БАЗАРОВ", "ДАШИЕВ", "ЖАМСУЕВ", "ОРЛОВ")
GIRLS = ("АЮНА", "АРЮНА", "АЮША", "СОЁЛМА", "ДАРИМА", "ВЕРА", "НАТАЛЬЯ", "ЭРЖЕНА", "АЛИНА", "АРИНА", "САЯНА", "САРАНА")
BOYS = ("БАТО", "ДАНИИЛ", "ДАНИЛА", "ИВАН", "ПЁТР", "АЛДАР", "АЮР", "БАИР", "БУЛАТ", "ДОРЖО", "ЕГОР", "ТИМУР", "ТУМЭН", "ЭРДЭМ")
NEAR_TWINS = (("АЮНА", "АРЮНА"), ("АЮНА", "АЮША"), ("ДАРИМА", "ДАРИНА"), ("АЛИНА", "АРИНА"), ("САЯНА", "САРАНА"), ("ЭНХЭЛУНА", "ЭНХЭЛЮНА"))
FOLDED_TWINS = ("ДАНИИЛ", "ДАНИЛА")
FATHERS = ("БАТОРОВ", "ПЕТРОВ", "ИВАНОВ", "СЕРГЕЕВ", "ДОРЖИЕВ", "ЦЫРЕНОВ", "БАИРОВ", "ОЛЕГОВ", "БУЛАТОВ", "АЛДАРОВ")


def table(seed: int, families: int) -> pd.DataFrame:
    """COLUMNS and `person`: the truth. Every person has records of two to four sources; about every fourth family has children who look alike."""
    random = Random(seed)  # noqa: S311
    children = [child for _ in range(families) for child in _children(random)]
    rows = [row | {"person": number} for number, child in enumerate(children) for row in _records(random, number, child)]
    random.shuffle(rows)
    records = pd.DataFrame(rows, columns=[*COLUMNS, "person"], dtype="object")
    return records.assign(record_id=[f"r{n}" for n in range(len(records))])


def true_pairs(records: pd.DataFrame) -> set[tuple[str, str]]:
    """Every two records of one person, sorted."""
    return {pair for _, ids in records.groupby("person")["record_id"] for pair in combinations(sorted(ids), 2)}


def _children(random: Random) -> list[dict[str, Any]]:
    is_girl = random.random() < 0.5
    child = {"family": random.choice(FAMILIES), "given": random.choice(GIRLS if is_girl else BOYS),
             "father": random.choice(FATHERS), "is_girl": is_girl, "oktmo": random.choice(("81701000", "81633000")),
             "born": f"{random.randint(2008, 2018)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"}
    kind = random.random()
    if kind < 0.08:
        first, second = random.choice(NEAR_TWINS)
        return [child | {"given": first, "is_girl": True, "twin": 1}, child | {"given": second, "is_girl": True, "twin": 2}]
    if kind < 0.11:
        return [child | {"given": given, "is_girl": False, "twin": n} for n, given in enumerate(FOLDED_TWINS, 1)]
    if kind < 0.13:
        return [child | {"twin": 3}, child | {"twin": 3}]
    return [child]


def _records(random: Random, number: int, child: dict[str, Any]) -> list[dict[str, Any]]:
    own = _snils(100_000_000 + number * 7)
    family, patronymic = child["family"] + "А" * child["is_girl"], child["father"] + ("НА" if child["is_girl"] else "ИЧ")
    act, again = f"I-АЖ {500_000 + number % 400_000:06d}", f"II-АЖ {500_000 + number % 400_000:06d}"
    said = {"family_name": family, "given_name": child["given"], "patronymic": patronymic, "birth_date": child["born"], "sex": "F" if child["is_girl"] else "M"}
    # the twins' journals: now and then the number of the other one
    wrong = {1: _snils(100_000_000 + (number + 1) * 7), 2: _snils(100_000_000 + (number - 1) * 7)}.get(child.get("twin", 0), own)
    rows = [said | {"source": "zags_births", "birth_act": act}, said | {"source": "pfr_snils", "snils": own}]
    for source in ("journal", "college"):
        if random.random() < 0.75:
            rows.append(_noisy(random, said | {"source": source, "oktmo": child["oktmo"]}, own, wrong, act, again))
    return rows


def _noisy(random: Random, row: dict[str, Any], own: str, wrong: str, act: str, again: str) -> dict[str, Any]:
    kind = random.random()
    if random.random() < 0.5:
        row["snils"] = wrong if random.random() < 0.3 else own
    if random.random() < 0.5:
        row["birth_act"] = again if random.random() < 0.2 else act
    if kind < 0.08:
        row["given_name"], row["patronymic"] = row["patronymic"], row["given_name"]
    elif kind < 0.14:
        row["birth_date"] = row["birth_date"][: random.choice((4, 7))]
    elif kind < 0.18:
        family = row["family_name"]
        row["family_name"] = family[:3] + family[4:]
    elif kind < 0.20:
        given = row["given_name"]
        row["given_name"] = given[:2] + given[2] + given[2:] if len(given) < 5 else given[:3] + given[4:]
    elif kind < 0.24:
        row["patronymic"] = ""
    return row


def _snils(number: int) -> str:
    digits = f"{number:09d}"
    total = sum(int(digit) * place for digit, place in zip(digits, range(9, 0, -1), strict=True))
    return f"{digits}{total % 101 % 100:02d}"
