"""Cases handed out in batches, one task of a person each: what the task says, its form, and the way back of the answers. Keys and codes only."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pipeline import review
from pipeline.access import role_of
from schemas.review import OPINIONS, SAMPLE, ReviewRefused
from schemas.review_form import SIZE, TAKE, grounds
from transforms import review_words as words
from warehouse import identity

log = logging.getLogger(__name__)
MOST = 20
"""Batches a run: a day's work of a few people; the rest comes next time."""
NEEDS = {"first": "review", "second": "second", "third": "third"}
PLACE = "/review/case/"
"""Where the records of a case are shown to those who may see them."""


def batches() -> list[dict[str, Any]]:
    """What is open as batches: `batch` (its name), `cases` (keys in order). One need a batch, so that the next opinion finds another person."""
    review.settle()
    version = identity.everything().version
    kinds: dict[str, list[review.Entry]] = {}
    for entry in review.work_list():
        name = f"{SAMPLE}-{entry.case.version}" if entry.case.is_blind else f"{NEEDS[entry.need]}-{version}"
        kinds.setdefault(name, []).append(entry)
    made = [{"batch": f"{name}-{start // SIZE + 1}", "cases": [entry.case.key for entry in entries[start:start + SIZE]]}
            for name, entries in kinds.items() for start in range(0, len(entries), SIZE)]
    log.info("%d cases open, %d batches, %d handed out", sum(map(len, kinds.values())), len(made), min(len(made), MOST))
    return made[:MOST]


def body(batch: Mapping[str, Any]) -> str:
    """The text of a batch's task (Markdown): numbers, keys, reasons, proposals, where to look; no value of a person."""
    open_now = {entry.case.key: entry for entry in review.work_list()}
    lines = [_line(number, key, open_now.get(key)) for number, key in enumerate(batch["cases"], 1)]
    return "\n".join([f"Пачка **{batch['batch']}**, случаев: {len(lines)}. Записи откройте по ссылке: каждый просмотр заносится в журнал доступа.",
                      "В форме укажите ответ по номеру случая; где сомневаетесь, оставьте пустым. Имён и номеров документов сюда не вносите.", "", *lines, "",
                      f"Из терминала: `kontingent review show {batch['cases'][0]}`."])


def record(batch: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, int]:
    """Take the answers of one batch (`answer`: what Airflow's human-in-the-loop task returned); counts by what became of them.

    A case that cannot be taken (decided meanwhile, another person needed) is counted as refused and stays on the list.
    """
    person, form = (answer.get("responded_by_user") or {}).get("id"), answer.get("params_input") or {}
    told = {key: form[f"case_{number}"] for number, key in enumerate(batch["cases"], 1) if form.get(f"case_{number}")}
    if answer.get("chosen_options") != [TAKE] or not told:
        return {"left": len(batch["cases"])}
    if not person or role_of(str(person), None) != "steward":
        raise ReviewRefused("review.role", "only a steward named in config/access.json decides; the answers were not taken")
    counts = Counter(_take(key, opinion, grounds()[form["ground"]], str(person), batch["batch"]) for key, opinion in told.items())
    counts["left"] = len(batch["cases"]) - len(told)
    log.info("batch %s: %s", batch["batch"], dict(counts))
    return dict(counts)


def _take(key: str, opinion: str, ground: str, person: str, batch: str) -> str:
    try:
        return str(review.decide(key, opinion, ground, person, batch=batch)["state"])
    except ReviewRefused as refused:
        log.warning("batch %s: %s", batch, refused)
        return "refused"


def _line(number: int, key: str, entry: review.Entry | None) -> str:
    if entry is None:
        return f"{number}. {key} – уже решён."
    said = "; ".join(words.reason(code).title for code in entry.case.reasons)
    proposal = f" Предложение: **{OPINIONS[entry.proposal]}**." if entry.proposal and entry.proposal != "unsure" else ""
    weight = f" Вес {entry.case.weight:.1f} бит.".replace(".", ",", 1) if entry.case.weight is not None else ""
    return f"{number}. [{key}]({PLACE}{key}) – {said}.{weight}{proposal}"
