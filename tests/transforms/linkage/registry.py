"""A registry of many worlds in memory: what the warehouse keeps between linkings, and which records a change can touch."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pyarrow as pa

from tests.transforms.linkage.worlds import SOURCES, STRONG, Event, Row
from transforms.linkage.inputs import DECISION, PREVIOUS, RECORD, VALIDATION

WORLD = 1000
"""Record and pupil ids of world w lie between (w + 1) * WORLD and the next."""
WORLDS = 260
"""More than these would have birth years beyond the calendar."""
_SYLLABLES = [consonant + vowel for consonant in "БВГДЖЗКЛМН" for vowel in "АОУЕ"]
_FAMILIES = ("ИВАНОВ", "ИВАНЦОВ", "ДОРЖИЕВ")
_NAMES = {"family": "family_name", "given": "given_name", "patronymic": "patronymic", "was_family": "previous_family_name", "was_given": "previous_given_name"}
Number = int
Keys = dict[str, bool]
"""Linking key → whether it is a block: shared, it lets two records be compared, but does not bind them."""


@dataclass
class World:
    """Records by their number, with all that was told about them, and the pupils they are linked to."""

    world: int
    rows: dict[Number, Row] = field(default_factory=dict)
    ids: dict[Number, int] = field(default_factory=dict)
    decisions: dict[tuple[Number, Number], str] = field(default_factory=dict)
    validations: dict[tuple[Number, int], bool] = field(default_factory=dict)
    keys: dict[Number, Keys] = field(default_factory=lambda: defaultdict(dict))
    links: dict[Number, Row] = field(default_factory=dict)
    reviews: dict[Number, list[Row]] = field(default_factory=dict)
    redirects: dict[int, int] = field(default_factory=dict)
    given: set[int] = field(default_factory=set)

    def happen(self, events: Iterable[Event]) -> set[Number]:
        """Take the events in; the numbers of the records that changed or were decided or validated."""
        return set().union(*(self._one(*event) for event in events))

    def _one(self, kind: str, number: Number, *more: Any) -> set[Number]:
        if kind == "put":
            return self._put(number, *more)
        if number not in self.ids:
            return set()
        return {"leave": self._leave, "copy": self._copy, "bare": self._bare, "decide": self._decide, "validate": self._validate}[kind](number, *more)

    def _put(self, number: Number, row: Row) -> set[Number]:
        self.ids.setdefault(number, (self.world + 1) * WORLD + len(self.ids) + 1)
        changed = self.rows.get(number) != row
        self.rows[number] = row
        return {number} if changed else set()

    def _leave(self, number: Number) -> set[Number]:
        return {number} if self.rows.pop(number, None) is not None else set()

    def _copy(self, number: Number, other: Number) -> set[Number]:
        if number not in self.rows or other not in self.rows:
            return set()
        return self._put(number, self.rows[number] | {name: self.rows[other][name] for name in STRONG.values() if name in self.rows[other]})

    def _bare(self, number: Number) -> set[Number]:
        if number not in self.rows:
            return set()
        return self._put(number, {name: value for name, value in self.rows[number].items() if name not in STRONG.values()})

    def _decide(self, number: Number, other: Number, verdict: str) -> set[Number]:
        if other not in self.ids:
            return set()
        self.decisions[min(number, other), max(number, other)] = verdict
        return {number, other}

    def _validate(self, number: Number, snils: int, is_confirmed: bool | None) -> set[Number]:
        if is_confirmed is None:
            return {number} if self.validations.pop((number, snils), None) is not None else set()
        self.validations[number, snils] = is_confirmed
        return {number}

    def closure(self, changed: set[Number], new_keys: dict[Number, Keys]) -> set[Number]:
        """What `changed` reaches: all that is bound to it, then what shares a block with these, then what is bound to those; the twin of
        `warehouse.neighbourhood`. Old keys and new ones both lead on."""
        binding, blocks = self._ties(new_keys)
        near = _grown(changed, binding)
        return _grown(near.union(*(group for group in blocks if group & near)), binding)

    def _ties(self, new_keys: dict[Number, Keys]) -> tuple[list[set[Number]], list[set[Number]]]:
        """Groups of records that one key, pupil, decision or open question binds, and groups that share a block."""
        binding: dict[Any, set[Number]] = defaultdict(set)
        blocks: dict[Any, set[Number]] = defaultdict(set)
        for number in self.ids:
            for key, is_block in {*self.keys[number].items(), *new_keys.get(number, {}).items()}:
                (blocks if is_block else binding)[key].add(number)
            if number in self.links:
                binding[self.links[number]["pupil"]].add(number)
        questions = [{number, row["compared"]} for number, rows in self.reviews.items() for row in rows]
        return [*binding.values(), *map(set, self.decisions), *questions], list(blocks.values())


def _grown(start: set[Number], groups: list[set[Number]]) -> set[Number]:
    reached = set(start)
    while (wider := reached.union(*(group for group in groups if group & reached))) != reached:
        reached = wider
    return reached


def snils(number: int) -> str:
    """The СНИЛС of nine digits with its control number."""
    digits = f"{number:09d}"
    total = sum(int(digit) * place for digit, place in zip(digits, range(9, 0, -1), strict=True))
    return f"{digits}{total % 101 % 100:02d}"


def source_of(number: Number) -> str:
    return SOURCES[number] if number < len(SOURCES) else ("journal_a", "journal_b")[number % 2]


def key_of(world: int, number: Number) -> str:
    """Keys do not follow the order in which records come."""
    return f"{world}:{number * 7 % 31:02d}"


def _name(world: int, name: str | None, marked: Collection[str | None] = _FAMILIES) -> str | None:
    """The name as the world writes it: its family names begin with syllables of their own, so that worlds never meet."""
    return _SYLLABLES[world // 40] + _SYLLABLES[world % 40] + name if name and name in marked else name


def _names(world: int, row: Row) -> dict[str, str | None]:
    """Each full name, the present one and the one before, has a part that is marked."""
    present = [row.get(token) for token in ("family", "given", "patronymic")]
    before = [row.get("was_family", present[0]), row.get("was_given", present[1]), present[2]]
    marked = {*_FAMILIES, *(family for family, *rest in (present, before) if not {family, *rest} & {*_FAMILIES})}
    return {column: _name(world, row.get(token), marked) for token, column in _NAMES.items()}


def _person(world: World, number: Number, record_id: int) -> dict[str, Any]:
    row, w = world.rows[number], world.world
    person: dict[str, Any] = {"record_id": record_id, "source": source_of(number), "source_key": key_of(w, number),
                              "record_status": row.get("status", "active")}
    person |= {"sex": row.get("sex"), "oktmo": row.get("place")} | _names(w, row) | _born(w, row.get("born", ()))
    if "mother" in row:
        person |= {"mother_family_name": _name(w, "ИВАНОВ"), "mother_given_name": row["mother"]}
    if "snils" in row:
        person["snils"] = snils(200_000_000 + 1000 * w + row["snils"])
    if "act" in row:
        person["birth_act_number"] = f"{9:015d}{w:04d}{row['act']:02d}"
    if "certificate" in row:
        person["birth_certificate"] = f"I-АЖ {100_000 + 100 * w + row['certificate']}"
    if "document" in row:
        person["document"] = f"8115 {100_000 + 100 * w + row['document']}"
    if row.get("asked") is not None:
        person |= {"asked_source": source_of(row["asked"]), "asked_key": key_of(w, row["asked"])}
    return person


def _born(world: int, born: tuple[int, ...]) -> dict[str, Any]:
    if not born:
        return {}
    year, *rest = born
    year += 1000 + 30 * world
    if len(rest) == 2:
        return {"birth_date": datetime.date(year, *rest)}
    return {"birth_date_partial": "-".join([f"{year}", *(f"{part:02d}" for part in rest)])}


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one linking reads: of each world some records, by number, under ids of its own or the given ones."""

    worlds: list[World]
    numbers: dict[int, set[Number]]
    ids: dict[int, dict[Number, int]]

    @classmethod
    def of(cls, worlds: list[World], numbers: dict[int, set[Number]] | None = None) -> Part:
        """The records as they are numbered, all of them if `numbers` says nothing."""
        everyone = {world.world: set(world.ids) for world in worlds}
        return cls(worlds=worlds, numbers=everyone if numbers is None else numbers, ids={world.world: world.ids for world in worlds})

    @classmethod
    def in_other_order(cls, worlds: list[World], random: Random) -> Part:
        """All records, as if they had come in another order."""
        ids = {world.world: dict(zip(world.ids, random.sample(list(world.ids.values()), len(world.ids)), strict=True)) for world in worlds}
        return cls(worlds=worlds, numbers={world.world: set(world.ids) for world in worlds}, ids=ids)

    def records(self, random: Random) -> pa.Table:
        rows = [_person(world, number, self.ids[world.world][number]) for world in self.worlds for number in self._numbers(world) if number in world.rows]
        return pa.Table.from_pylist(random.sample(rows, len(rows)), schema=RECORD)

    def previous(self) -> pa.Table:
        return pa.Table.from_pylist([{"record_id": self.ids[world.world][number], "pupil_id": world.links[number]["pupil"]}
                                     for world in self.worlds for number in self._numbers(world) if number in world.links], schema=PREVIOUS)

    def decisions(self) -> pa.Table:
        return pa.Table.from_pylist([self._decision(world, *pair, verdict) for world in self.worlds for pair, verdict in world.decisions.items()
                                     if self.numbers[world.world].issuperset(pair)], schema=DECISION)

    def validations(self) -> pa.Table:
        return pa.Table.from_pylist([{"record_id": self.ids[world.world][number], "snils": snils(200_000_000 + 1000 * world.world + token),
                                      "is_confirmed": is_confirmed} for world in self.worlds for (number, token), is_confirmed in world.validations.items()
                                     if number in self.numbers[world.world]], schema=VALIDATION)

    def _numbers(self, world: World) -> list[Number]:
        return sorted(self.numbers[world.world])

    def _decision(self, world: World, a: Number, b: Number, verdict: str) -> dict[str, Any]:
        first, second = sorted((self.ids[world.world][a], self.ids[world.world][b]))
        return {"record_id_a": first, "record_id_b": second, "verdict": verdict}
