"""Draws an exported trail with its list of deliveries, anchors and landing folder, and ways to tamper with them."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path

from connectors.landing import Landing

CHAIN = "11111111-2222-3333-4444-555555555555"
FILES = ("trail.ndjson", "ledger.ndjson", "anchors.ndjson")
Line = dict[str, object]


def sealed(rows: list[Line], previous: str) -> tuple[list[bytes], str]:
    """Lines as they are exported, and the last hash; rows lose the hash they had."""
    found = []
    for row in rows:
        body = json.dumps({name: value for name, value in row.items() if name != "hash"}, ensure_ascii=False, separators=(",", ":"))
        previous = hashlib.sha256(f"{previous}{body}".encode()).hexdigest()
        found.append(f'{body[:-1]},"hash":"{previous}"}}\n'.encode())
    return found, previous


def draw(folder: Path, *, entries: int = 40, deliveries: int = 8, anchors: int = 5) -> Path:
    """An untouched export in `folder`, its landing folder beside it."""
    folder.mkdir(parents=True)
    came = [_land(folder / "landing", number) for number in range(1, deliveries + 1)]
    first, start = sealed([{"chain_id": CHAIN, "created_at": "2025-10-24T00:00:00.000000Z", "form": "kontingent-trail-1", "sealed_number": 0,
                            "sealed_hash": None}], "")
    trail, _ = sealed([{"access_id": number, "at": f"2025-10-24T10:00:{number:02}.000001Z", "role": "steward", "person_in_charge": "Анна «Ё» \\ \"",
                        "purpose": "a", "ground": "b", "action": "look", "pupil_id": number if number % 2 else None, "subject_named": f"case {number}"}
                       for number in range(1, entries + 1)], start)
    ledger, _ = sealed(came, start)
    stands = [(entries * number // anchors, deliveries * number // anchors) for number in range(1, anchors + 1)]
    heads = [{"anchor_id": number, "chain_id": CHAIN, "entries": at, "entries_hash": hash_of(trail, at), "deliveries": landed,
              "deliveries_hash": hash_of(ledger, landed) if landed else start, "version": number, "at": "2025-10-24T18:00:00+08:00", "why": "publish"}
             for number, (at, landed) in enumerate(stands, 1)]
    for name, lines in zip(FILES, (first + trail, ledger, sealed(heads, start)[0]), strict=True):
        (folder / name).write_bytes(b"".join(lines))
    return folder


def hash_of(lines: list[bytes], number: int) -> str:
    return str(json.loads(lines[number - 1])["hash"])


def call(folder: Path) -> list[str]:
    """The arguments of the program for a whole export."""
    trail, ledger, anchors = (str(folder / name) for name in FILES)
    return [trail, "--ledger", ledger, "--anchors", anchors, "--landing", str(folder / "landing")]


def landed(folder: Path) -> list[Path]:
    return sorted((folder / "landing").rglob("*.gz"))


def _land(folder: Path, number: int) -> Line:
    landing = Landing(folder)
    with landing.receive(f"source_{number % 3}", origin="a", media="csv", received_at="2025-10-24T10:00:00+08:00", as_of="2025-10-24") as inbox:
        inbox.write(f"запись {number};".encode() * (number * 50))
    assert inbox.delivery is not None
    landing.settle(inbox.delivery)
    return {"receipt_id": number, "delivery_id": f"delivery {number}", "source": inbox.delivery.source, "sha256": inbox.delivery.sha256,
            "size_bytes": inbox.delivery.size_bytes, "received_at": "2025-10-24T02:00:00.000000Z"}


def tamper(folder: Path, draw: random.Random) -> str:
    """One random change of one file of an export that bears a meaning; returns what was done."""
    while True:
        files = [*(folder / name for name in FILES), *draw.sample(landed(folder), 3)]
        path = draw.choice(files)
        way = draw.choice(PACKED if path.suffix == ".gz" else LINES)
        before = path.read_bytes()
        said = f"{way.__name__.removeprefix('_')} {path.relative_to(folder)}"
        way(folder, path, draw)
        if not path.exists() or path.read_bytes() != before or way is _add:
            if way is _flip and path.suffix == ".gz" and _same_content(path, before):
                path.write_bytes(before)  # a bit that gzip itself ignores: the bytes received are untouched
                continue
            return said


def _same_content(path: Path, before: bytes) -> bool:
    try:
        return path.read_bytes()[:10] == before[:10] and gzip.decompress(path.read_bytes()) == gzip.decompress(before)
    except (OSError, EOFError, ValueError, gzip.zlib.error):  # type: ignore[attr-defined]
        return False


def _flip(_: Path, path: Path, draw: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    _write(path, bytes(content))


def _cut(_: Path, path: Path, draw: random.Random) -> None:
    content = path.read_bytes()
    _write(path, content[:draw.randrange(len(content))])


def _append(_: Path, path: Path, draw: random.Random) -> None:
    _write(path, path.read_bytes() + draw.randbytes(draw.randint(1, 40)))


def _remove_line(_: Path, path: Path, draw: random.Random) -> None:
    lines = _lines(path)
    del lines[draw.randrange(len(lines))]
    _write(path, b"".join(lines))


def _remove_last_lines(_: Path, path: Path, draw: random.Random) -> None:
    lines = _lines(path)
    _write(path, b"".join(lines[:-draw.randint(1, len(lines) - 1)]))


def _remove_first_lines(_: Path, path: Path, draw: random.Random) -> None:
    lines = _lines(path)
    _write(path, b"".join(lines[draw.randint(1, len(lines) - 1):]))


def _double_line(_: Path, path: Path, draw: random.Random) -> None:
    lines = _lines(path)
    lines.insert(draw.randint(0, len(lines)), draw.choice(lines))
    _write(path, b"".join(lines))


def _swap_lines(_: Path, path: Path, draw: random.Random) -> None:
    lines = _lines(path)
    one, other = draw.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    _write(path, b"".join(lines))


def _edit_value(_: Path, path: Path, draw: random.Random) -> None:
    """One value of one line is changed, hashes stay."""
    lines = _lines(path)
    at = draw.randrange(len(lines))
    row = json.loads(lines[at])
    name = draw.choice([name for name in row if name != "hash"])
    row[name] = f"{row[name]}0" if isinstance(row[name], str) else draw.randint(-9, 99)
    lines[at] = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
    _write(path, b"".join(lines))


def _edit_and_seal_anew(_: Path, path: Path, draw: random.Random) -> None:
    """What only anchors find: one line is changed, and every hash from there on is counted again."""
    rows = [json.loads(line) for line in _lines(path)]
    first = next(iter(rows[0]))
    at = draw.randrange(1 if first == "chain_id" else 0, len(rows))
    name = {"chain_id": "subject_named", "receipt_id": "sha256", "anchor_id": "entries_hash"}[first]
    rows[at][name] = hashlib.sha256(draw.randbytes(8)).hexdigest()
    _write(path, b"".join(sealed(rows, "" if first == "chain_id" else _start(path))[0]))


def _insert_and_seal_anew(_: Path, path: Path, draw: random.Random) -> None:
    """A line is invented, those after it are numbered and sealed anew."""
    rows = [json.loads(line) for line in _lines(path)]
    first = next(iter(rows[0]))
    key = "access_id" if first == "chain_id" else first
    at = draw.randint(1, len(rows))
    rows.insert(at, dict(rows[-1]))
    for number, row in enumerate(rows[1:] if first == "chain_id" else rows, 1):
        row[key] = number
    if first == "anchor_id":
        rows[at]["deliveries_hash"] = hashlib.sha256(draw.randbytes(8)).hexdigest()
    _write(path, b"".join(sealed(rows, "" if first == "chain_id" else _start(path))[0]))


def _another_chain(_: Path, path: Path, draw: random.Random) -> None:
    """The whole trail under an id of its own, as a copied database would begin it; of the others one line of another chain."""
    rows = [json.loads(line) for line in _lines(path)]
    rows[0 if next(iter(rows[0])) == "chain_id" else draw.randrange(len(rows))]["chain_id"] = "another"
    _write(path, b"".join(sealed(rows, "" if next(iter(rows[0])) == "chain_id" else _start(path))[0]))


def _gone(_: Path, path: Path, draw: random.Random) -> None:
    path.unlink()


def _other_content(_: Path, path: Path, draw: random.Random) -> None:
    _write(path, gzip.compress(draw.randbytes(draw.randint(0, 300)), 3, mtime=0))


def _second_member(_: Path, path: Path, draw: random.Random) -> None:
    _write(path, path.read_bytes() + gzip.compress(b"", 3, mtime=0))


def _packed_anew_with_a_time(_: Path, path: Path, draw: random.Random) -> None:
    _write(path, gzip.compress(gzip.decompress(path.read_bytes()), 3, mtime=draw.randint(1, 2**31)))


def _swap_files(folder: Path, path: Path, draw: random.Random) -> None:
    other = draw.choice([one for one in landed(folder) if one != path])
    mine, theirs = path.read_bytes(), other.read_bytes()
    _write(path, theirs)
    _write(other, mine)


def _rename(_: Path, path: Path, draw: random.Random) -> None:
    name = hashlib.sha256(draw.randbytes(8)).hexdigest()
    target = path.parent.parent / name[:2] / f"{name}.gz"
    target.parent.mkdir(exist_ok=True)
    path.rename(target)


def _add(folder: Path, path: Path, draw: random.Random) -> None:
    """A file nobody sent, well packed and well named."""
    content = draw.randbytes(30)
    name = hashlib.sha256(content).hexdigest()
    target = folder / "landing" / "source_0" / name[:2] / draw.choice([f"{name}.gz", f"{name}.bak"])
    target.parent.mkdir(exist_ok=True, parents=True)
    target.write_bytes(gzip.compress(content, 3, mtime=0))


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def _start(path: Path) -> str:
    return str(json.loads(_lines(path.parent / "trail.ndjson")[0])["hash"])


def _write(path: Path, content: bytes) -> None:
    path.chmod(0o640)
    path.write_bytes(content)


Way = Callable[[Path, Path, random.Random], None]
LINES: tuple[Way, ...] = (_flip, _cut, _append, _remove_line, _remove_last_lines, _remove_first_lines, _double_line, _swap_lines, _edit_value, _edit_and_seal_anew,
                          _insert_and_seal_anew, _another_chain)
PACKED: tuple[Way, ...] = (_flip, _cut, _append, _gone, _other_content, _second_member, _packed_anew_with_a_time, _swap_files, _rename, _add)
