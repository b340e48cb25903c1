"""Verifies an exported access trail, the list of deliveries, anchors and the landing folder; one file, the standard library alone.

    python3 verify.py trail.ndjson --anchors anchors.ndjson --ledger ledger.ndjson --landing LANDING

Each line is JSON without blanks and ends in `"hash"` = sha256(hash of the line before + the line without it). Exit status: 0 whole, 1 something was
changed, 2 not to be read. What hashes cannot prove stands in docs/audit.md.
"""

# ruff: noqa: PTH118, PTH119, PTH123

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

FORM, SHOWN = "kontingent-trail-1", 200
LONGEST = 1 << 20
"""Bytes of one line at most; a longer one is no line of ours."""
SEALED, TAIL = b',"hash":"', 76
"""How the hash begins, and how many bytes it takes with what closes the line."""
SEAL = re.compile(SEALED + rb'([0-9a-f]{64})"\}\n')
PLACE = re.compile(r"([^/]+)/([0-9a-f]{2})/(\2[0-9a-f]{62})\.(gz|removed|going)")
ASIDE = re.compile(r"[^/]+/(scratch/[^/]+|asked/.+|pending/[^/]+\.(json|tmp))")
"""What lies in landing beside the bytes: deliveries on their way."""
PACKED = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""The head of every file in landing: no name, no time."""
RETIRED = re.compile(r"landing ([^:]+): [^:]*: ([0-9a-f ]+)")
"""What a line of action `retention` says of bytes that were removed when their time was over."""
Visit = Callable[[int, bytes, bytes], None]
"""Is given number, hash and bytes of a line."""


class Unreadable(Exception):
    """The trail does not say which chain it is: nothing more can be judged."""


class Found:
    """Faults, one clear line each; the first SHOWN are told."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        self.count, self.tell = 0, tell

    def __call__(self, fault: str) -> None:
        self.count += 1
        if self.count <= SHOWN:
            self.tell(f"НАРУШЕНО  {fault}")

    def note(self, said: str) -> None:
        self.tell(f"замечание  {said}")


class Anchors:
    """What heads a chain had, by number; each line of the chain is compared with them."""

    def __init__(self, chain: str, fault: Found) -> None:
        self.chain, self.fault = chain, fault
        self.heads: dict[int, list[tuple[str, str]]] = {}
        self.known: dict[int, bytes] = {}
        """Hash of each anchor itself: the same in all files of them."""
        self.last = -1

    def add(self, number: int, head: str, name: str) -> None:
        self.heads.setdefault(number, []).append((head, name))
        self.last = max(self.last, number)

    def check(self, number: int, digest: bytes) -> None:
        if number in self.heads:
            for head, name in self.heads.pop(number):
                if head != digest.decode():
                    self.fault(f"{self.chain}: запись {number} не та, которую знает {name}: журнал до неё переписан")

    def end(self, number: int, *, may_grow: bool) -> None:
        """What anchors name and is not there; and what came after the last of them."""
        if self.last > number:
            self.fault(f"{self.chain}: последняя запись {number}, а {self.heads[self.last][-1][1]} знает запись {self.last}: конец удалён")
        if 0 <= self.last < number:
            said = f"{self.chain}: за записи после {self.last} (по {number}) не ручается ни одна отметка"
            self.fault.note(said) if may_grow else self.fault(said + ": отметки удалены или записи дописаны")


def lines(path: str) -> Iterator[bytes]:
    """The lines of a file, one in memory at a time."""
    with open(path, "rb") as file:
        yield from iter(partial(file.readline, LONGEST), b"")


def told(line: bytes) -> dict[str, Any]:
    """What a line says; empty when it says nothing."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def seal(previous: bytes, body: bytes) -> bytes:
    """The hash of a line that is `body` before its hash."""
    return hashlib.sha256(previous + body + b"}").hexdigest().encode()


def walk(name: str, rows: Iterator[bytes], key: bytes, start: tuple[int, bytes], fault: Found, visit: Visit) -> tuple[int, bytes]:
    """Judge one chain line by line: numbers without gaps, each line sealing the one before.

    `start`: number and hash before the first line. Returns those of the last.
    """
    number, previous = start
    for line in rows:
        body = line[:-TAIL]
        digest = seal(previous, body)
        if body.startswith(b'{"%b":%d,' % (key, number + 1)) and line.endswith(b'%b%b"}\n' % (SEALED, digest)):
            number, previous = number + 1, digest
            visit(number, digest, line)
        else:
            number, previous = misfit(name, line, key, (number, previous), fault, visit)
    return number, previous


def misfit(name: str, line: bytes, key: bytes, at: tuple[int, bytes], fault: Found, visit: Visit) -> tuple[int, bytes]:
    """Say what is wrong with one line, and go on from the hash it states: each later line is judged by itself."""
    number = at[0]
    stated, numbered = SEAL.fullmatch(line[-TAIL:]), re.match(rb'\{"%b":(\d{1,19}),' % key, line)
    if stated is None or numbered is None:
        fault(f"{name}: строка после записи {number} – не запись (оборвана или изменена)")
        return at
    found = int(numbered[1])
    if found <= number:
        fault(f"{name}: запись {found} стоит ещё раз или не на своём месте, после записи {number}")
        return at
    if found > number + 1:
        fault(f"{name}: нет записей {number + 1}–{found - 1}" if found > number + 2 else f"{name}: нет записи {number + 1}")
    else:
        fault(f"{name}: запись {found} изменена, или изменён отпечаток её либо предыдущей записи")
    visit(found, stated[1], line)
    return found, stated[1]


def genesis(path: str, fault: Found) -> tuple[str, int, bytes]:
    """Chain id, number of the last line of an older form, and the hash of the first line."""
    first = next(lines(path), b"")
    said, stated = told(first), SEAL.fullmatch(first[-TAIL:])
    if said.get("form") != FORM or not isinstance(said.get("sealed_number"), int) or stated is None:
        raise Unreadable(f"{path}: первая строка не называет цепочку вида {FORM}")
    if seal(b"", first[:-TAIL]) != stated[1]:
        fault("журнал: первая строка цепочки изменена")
    if said["sealed_number"]:
        fault.note(f"записи 1–{said['sealed_number']} прежнего вида здесь не проверяются; последнюю ({said.get('sealed_hash')}) запечатала первая строка")
    return str(said.get("chain_id")), said["sealed_number"], stated[1]


def read_anchors(path: str, chain: str, start: bytes, trail: Anchors, landing: Anchors) -> int:
    """One file of anchors, a chain itself; returns how many there are."""
    fault, last = trail.fault, (0, 0)

    def visit(number: int, digest: bytes, line: bytes) -> None:
        nonlocal last
        if trail.known.setdefault(number, digest) != digest:
            fault(f"отметки {path}: отметка {number} не та, что в другом файле отметок")
        said = told(line)
        name, here = f"отметка {number} ({os.path.basename(path)}, {said.get('at')})", (said.get("entries"), said.get("deliveries"))
        if not isinstance(here[0], int) or not isinstance(here[1], int):
            fault(f"{name} не читается")
            return
        if said.get("chain_id") != chain:
            fault(f"{name}: другой цепочки, {said.get('chain_id')}")
        if here[0] < last[0] or here[1] < last[1]:
            fault(f"{name}: журнал короче, чем при отметке до неё")
        last = (here[0], here[1])
        trail.add(here[0], str(said.get("entries_hash")), name)
        landing.add(here[1], str(said.get("deliveries_hash")), name)

    count, _ = walk(f"отметки {path}", lines(path), b"anchor_id", (0, start), fault, visit)
    if not count:
        fault(f"отметки {path}: ни одной")
    return count


def key(source: object, sha256: object) -> bytes:
    """Sixteen bytes for one file: millions of them fit into memory."""
    return hashlib.sha256(f"{source}/{sha256}".encode()).digest()[:16]


def unpack(path: str) -> tuple[str, int, str]:
    """SHA-256 and size of the content, and what is wrong with the packing; read in chunks."""
    digest, size, inflate = hashlib.sha256(), 0, zlib.decompressobj(31)
    try:
        with open(path, "rb") as file:
            if (chunk := file.read(len(PACKED))) != PACKED:
                return "", 0, "начало файла не такое, какое пишет приём"
            while chunk and not inflate.eof:
                content = inflate.decompress(chunk, 1 << 20)
                digest.update(content)
                size += len(content)
                chunk = inflate.unconsumed_tail or file.read(1 << 18)
            wrong = "лишние байты в конце" if inflate.eof and (chunk or inflate.unused_data) else "" if inflate.eof else "оборван"
    except (zlib.error, OSError) as error:
        return "", 0, "не распаковывается" if isinstance(error, zlib.error) else "не читается"
    return digest.hexdigest(), size, wrong


def files(folder: str) -> Iterator[tuple[str, str]]:
    """(path below the folder, full path) of every file, in order."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            full = os.path.join(place, name)
            yield os.path.relpath(full, folder).replace(os.sep, "/"), full


def judge_landing(folder: str, sizes: dict[bytes, Any], gone: dict[bytes, str], fault: Found) -> set[bytes]:
    """Every file: its content is what its name says, and the list of deliveries, or a note of one on its way, knows it. Returns their keys."""
    notes = [told(next(lines(full), b"")) for name, full in files(folder) if "/pending/" in name and name.endswith(".json")]
    waiting, seen = {key(said.get("source"), said.get("sha256")) for said in notes}, set()
    for name, full in files(folder):
        if ASIDE.fullmatch(name):
            continue
        place = PLACE.fullmatch(name)
        one = key(place[1], place[3]) if place else b""
        if place is None or not (one in sizes or one in waiting or one in gone):
            fault(f"файл {name}: лишний, в описи поставок его нет")
            continue
        if place[4] != "gz":
            if one not in gone:
                fault(f"файл {name}: удалён, а записи об этом в журнале нет")
            continue
        sha256, size, wrong = unpack(full)
        if wrong or sha256 != place[3] or size != sizes.get(one, size):
            fault(f"файл {name}: {wrong or 'содержимое не то, которое было получено'}")
        seen.add(one)
    return seen


def judge_deliveries(asked: argparse.Namespace, start: bytes, anchors: Anchors, gone: dict[bytes, str]) -> str:
    """The list of deliveries as a chain, then each file of it."""
    sizes: dict[bytes, Any] = {}
    again: set[bytes] = set()
    fault = anchors.fault

    def visit(number: int, digest: bytes, line: bytes) -> None:
        anchors.check(number, digest)
        said = told(line)
        one = key(said.get("source"), said.get("sha256"))
        sizes[one] = said.get("size_bytes")
        if one in gone and str(said.get("received_at")) > gone[one]:
            again.add(one)

    anchors.check(0, start)
    last, _ = walk(anchors.chain, lines(asked.ledger), b"receipt_id", (0, start), fault, visit)
    anchors.end(last, may_grow=asked.growing)
    if not asked.landing:
        return f"; поставок {last}, файлы не проверялись"
    seen = judge_landing(asked.landing, sizes, gone, fault)
    missing = sizes.keys() - seen - (gone.keys() - again)  # what came again after its removal must be there
    for said in map(told, lines(asked.ledger) if missing else ()):
        if (one := key(said.get("source"), said.get("sha256"))) in missing:
            missing.discard(one)
            fault(f"файл {said.get('source')}/{str(said.get('sha256'))[:2]}/{said.get('sha256')}.gz: его нет, а поставка {said.get('delivery_id')} в описи есть")
    return f"; поставок {last}, файлов {len(seen)}, удалено по сроку хранения {len(gone.keys() - seen)}"


def judge(asked: argparse.Namespace, fault: Found) -> str:
    """All that was asked for, in turn; returns what a whole trail is summed up as."""
    chain, before, start = genesis(asked.trail, fault)
    trail, landing, gone = Anchors("журнал", fault), Anchors("опись поставок", fault), dict[bytes, str]()
    anchored = max((read_anchors(path, chain, start, trail, landing) for path in asked.anchors), default=0)
    for held in asked.held:
        number, _, digest = held.partition(":")
        trail.add(int(number), digest, f"отметка на бумаге {held}")
    if trail.last < 0:
        fault.note("отметок нет: удаление с конца и переписывание всего журнала не видны")

    def visit(number: int, digest: bytes, line: bytes) -> None:
        trail.check(number, digest)
        if b'"action":"retention"' in line and (words := told(line)).get("role") == "loader":
            said = RETIRED.fullmatch(str(words.get("subject_named")))
            gone.update({key(said[1], sha256): str(words.get("at")) for sha256 in said[2].split()} if said else {})

    rows = lines(asked.trail)
    next(rows, None)
    trail.check(before, start)
    last, head = walk(trail.chain, rows, b"access_id", (before, start), fault, visit)
    trail.end(last, may_grow=asked.growing)
    summary = f"цепочка {chain}; записей {last - before}, последняя {last}:{head.decode()}; отметок {anchored}"
    return summary + (judge_deliveries(asked, start, landing, gone) if asked.ledger else "; опись и файлы не проверялись")


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Проверка выгруженного журнала доступа, описи поставок и папки приёма.")
    parser.add_argument("trail", help="trail.ndjson выгрузки")
    parser.add_argument("--anchors", action="append", default=[], help="файл отметок; можно несколько, из разных мест")
    parser.add_argument("--held", action="append", default=[], metavar="НОМЕР:ОТПЕЧАТОК", help="отметка, переписанная на бумагу")
    parser.add_argument("--ledger", help="ledger.ndjson выгрузки: опись поставок")
    parser.add_argument("--landing", help="папка приёма (var/landing) или её копия; нужна и --ledger")
    parser.add_argument("--growing", action="store_true", help="отметки старше выгрузки: записи после последней – замечание, не нарушение")
    return parser


def main(given: Sequence[str] | None = None, tell: Callable[[str], object] = lambda line: sys.stdout.write(line + "\n")) -> int:
    """The command; `tell` gets each line of its answer."""
    asked, fault, summary = arguments().parse_args(given), Found(tell), ""
    try:
        if asked.landing and not asked.ledger:
            raise ValueError("--landing: нужна и --ledger")
        summary = judge(asked, fault)
    except Unreadable as error:
        fault(str(error))
    except (OSError, ValueError) as error:
        tell(f"НЕ ПРОВЕРЕНО  {error}")
        return 2
    tell(f"НАРУШЕНИЙ: {fault.count}" if fault.count else f"ЦЕЛО  {summary}")
    return 1 if fault.count else 0


if __name__ == "__main__":
    sys.exit(main())
