"""The program that verifies an export alone: the untouched is whole, whatever was altered is found and named."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from services import bench_verify, verify
from tests.services import drawn_trail as drawn

TAMPERINGS = int(os.environ.get("KONTINGENT_TAMPERINGS", "100"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn.draw(tmp_path_factory.mktemp("trail") / "export")


@pytest.fixture
def export(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "export"))


def judged(folder: Path, *more: str) -> tuple[int, list[str]]:
    said: list[str] = []
    return verify.main([*drawn.call(folder), *more], said.append), said


def edit(path: Path, change: object) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(change(lines)))  # type: ignore[operator]


def test_an_untouched_export_is_whole_and_summed_up(whole: Path) -> None:
    status, (summary,) = judged(whole)
    assert status == 0
    for part in (drawn.CHAIN, "записей 40", "отметок 5", "поставок 8", "файлов 8"):
        assert part in summary


def test_the_program_runs_alone_without_anything_installed(whole: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(verify.__file__, alone / "verify.py")
    run = [sys.executable, "-I", "-S", "verify.py", *drawn.call(whole)]
    done = subprocess.run(run, cwd=alone, env={"PATH": "", "PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().startswith("ЦЕЛО")


def test_every_random_tampering_is_found(whole: Path, tmp_path: Path) -> None:
    missed = []
    for seed in range(TAMPERINGS):
        folder = Path(shutil.copytree(whole, tmp_path / str(seed)))
        did = drawn.tamper(folder, random.Random(seed))  # noqa: S311 - a tampering that can be drawn again
        status, said = judged(folder)
        if status != 1 or not said[0].startswith("НАРУШЕНО"):
            missed.append((seed, did, said))
        shutil.rmtree(folder)
    assert missed == []


@pytest.mark.parametrize(("file", "change", "expected"), [
    ("trail.ndjson", lambda lines: [*lines[:7], *lines[8:]], "журнал: нет записи 7"),
    ("trail.ndjson", lambda lines: [*lines[:7], *lines[10:]], "журнал: нет записей 7–9"),
    ("trail.ndjson", lambda lines: [*lines[:8], lines[7], *lines[8:]], "журнал: запись 7 стоит ещё раз"),
    ("trail.ndjson", lambda lines: [*lines[:7], lines[7].replace(b"case 7", b"case 8"), *lines[8:]], "журнал: запись 7 изменена"),
    ("trail.ndjson", lambda lines: lines[:30], "журнал: последняя запись 29, а отметка 5"),
    ("trail.ndjson", lambda lines: [*lines[:-1], lines[-1][:50]], "журнал: строка после записи 39"),
    ("trail.ndjson", lambda lines: [lines[0].replace(b"1111-2", b"1111-3"), *lines[1:]], "первая строка цепочки изменена"),
    ("ledger.ndjson", lambda lines: lines[:-1], "опись поставок: последняя запись 7"),
    ("anchors.ndjson", lambda lines: lines[:-1], "за записи после 32 (по 40) не ручается ни одна отметка"),
    ("anchors.ndjson", lambda lines: [*lines[:2], *lines[3:]], "нет записи 3"),
])
def test_what_was_altered_is_named_in_one_line(export: Path, file: str, change: object, expected: str) -> None:
    edit(export / file, change)
    status, said = judged(export)
    assert status == 1
    assert any(expected in line for line in said)
    assert all("\n" not in line for line in said)


def test_one_changed_entry_is_one_fault(export: Path) -> None:
    edit(export / "trail.ndjson", lambda lines: [*lines[:7], lines[7].replace(b"case 7", b"case 8"), *lines[8:]])
    assert [line for line in judged(export)[1] if line.startswith("НАРУШЕНО")] == [
        "НАРУШЕНО  журнал: запись 7 изменена, или изменён отпечаток её либо предыдущей записи"]


def test_each_file_that_is_missing_changed_or_extra_is_named(export: Path) -> None:
    gone, changed, *_ = drawn.landed(export)
    gone.unlink()
    changed.chmod(0o640)
    changed.write_bytes(changed.read_bytes()[:-3])
    extra = export / "landing" / "source_0" / "note.txt"
    extra.write_text("x")
    status, said = judged(export)
    assert status == 1
    for path, why in ((gone, "его нет"), (changed, "оборван"), (extra, "лишний")):
        assert [line for line in said if path.relative_to(export / "landing").as_posix() in line and why in line]


def test_questions_the_pipeline_asked_are_no_deliveries(export: Path) -> None:
    (export / "landing" / "source_0" / "asked" / "a.answered").mkdir(parents=True)
    (export / "landing" / "source_0" / "asked" / "a.answered" / "keys.json").write_text("{}")
    assert judged(export)[0] == 0


def test_a_delivery_on_its_way_is_no_extra_file(export: Path) -> None:
    from connectors.landing import Landing

    with Landing(export / "landing").receive("source_0", origin="a", media="csv", received_at="2025-10-25T10:00:00+08:00", as_of="2025-10-25") as inbox:
        inbox.write(b"late")
    assert judged(export)[0] == 0


@pytest.mark.parametrize(("role", "at", "status"), [("loader", "2099-01-01T00:00:00.000000Z", 0), ("steward", "2099-01-01T00:00:00.000000Z", 1),
                                                    ("loader", "2001-01-01T00:00:00.000000Z", 1)])
def test_a_removed_file_is_not_missing_if_the_pipeline_said_so_and_it_never_came_again(tmp_path: Path, role: str, at: str, status: int) -> None:
    folder = drawn.draw(tmp_path / "export", anchors=1)
    gone = drawn.landed(folder)[0]
    lines = (folder / "trail.ndjson").read_bytes().splitlines(keepends=True)
    rows = [json.loads(line) for line in lines]
    rows[40] |= {"role": role, "at": at, "action": "retention",
                 "subject_named": f"landing {gone.parent.parent.name}: 1 files received before 2025-01-01: {gone.stem}"}
    again, last = drawn.sealed(rows, "")
    (folder / "trail.ndjson").write_bytes(b"".join(again))
    anchor = json.loads((folder / "anchors.ndjson").read_bytes()) | {"entries_hash": last}
    (folder / "anchors.ndjson").write_bytes(b"".join(drawn.sealed([anchor], rows[0]["hash"])[0]))
    gone.rename(gone.with_suffix(".removed"))
    found, said = judged(folder)
    assert (found, any("удалено по сроку хранения 1" in line for line in said)) == (status, status == 0)


def test_a_file_removed_without_a_line_of_the_trail_is_found(export: Path) -> None:
    gone = drawn.landed(export)[0]
    gone.rename(gone.with_suffix(".removed"))
    status, said = judged(export)
    assert (status, any("записи об этом в журнале нет" in line for line in said)) == (1, True)


def test_an_older_whole_export_is_found_by_an_anchor_held_elsewhere(export: Path) -> None:
    newest = json.loads((export / "anchors.ndjson").read_bytes().splitlines()[-1])
    held = export / "held.ndjson"
    shutil.copy(export / "anchors.ndjson", held)
    for name, lines in (("trail.ndjson", 33), ("ledger.ndjson", 6), ("anchors.ndjson", 4)):
        edit(export / name, lambda found, lines=lines: found[:lines])
    for path in drawn.landed(export):
        if path.stem not in (export / "ledger.ndjson").read_text("utf-8"):
            path.unlink()
    assert judged(export)[0] == 0, "hashes alone cannot know that more was there"
    assert judged(export, "--anchors", str(held))[0] == 1
    assert judged(export, "--held", f"40:{newest['entries_hash']}")[0] == 1


def test_anchors_that_differ_from_those_of_another_place_are_found(export: Path) -> None:
    other = export / "other.ndjson"
    rows = [json.loads(line) for line in (export / "anchors.ndjson").read_bytes().splitlines()]
    rows[2]["at"] = "1999-01-01"
    start = json.loads((export / "trail.ndjson").read_bytes().splitlines()[0])["hash"]
    other.write_bytes(b"".join(drawn.sealed(rows, start)[0]))
    status, said = judged(export, "--anchors", str(other))
    assert (status, any("отметка 3 не та" in line for line in said)) == (1, True)


def test_entries_after_older_anchors_are_a_remark_only_when_asked_for(export: Path) -> None:
    edit(export / "anchors.ndjson", lambda lines: lines[:-1])
    assert judged(export)[0] == 1
    status, said = judged(export, "--growing")
    assert (status, said[0].startswith("замечание")) == (0, True)


@pytest.mark.parametrize("content", [b"", b"x", b"[]\n", b"[" * 100_000, b"\xff\xfe\n" * 9, b"{}\n" * 9])
@pytest.mark.parametrize("file", drawn.FILES)
def test_rubbish_is_an_answer_and_no_crash(export: Path, file: str, content: bytes) -> None:
    (export / file).write_bytes(content)
    assert judged(export)[0] == 1


def test_what_cannot_be_read_is_status_2(export: Path) -> None:
    (export / "anchors.ndjson").unlink()
    status, (said,) = judged(export)
    assert (status, said.startswith("НЕ ПРОВЕРЕНО")) == (2, True)


def test_the_measured_trail_is_a_whole_one() -> None:
    found = bench_verify.bench(200)
    assert (found["status"], found["entries"]) == (0, 200)
