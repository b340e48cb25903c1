"""From records to pupils: evidence, contradictions, scores, clusters, stable ids, and what a person should look at."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from transforms.engine import Engine
from transforms.linkage import inputs, weights
from transforms.linkage.compare import compare, speak
from transforms.linkage.score import score
from transforms.linkage.settle import settle

log = logging.getLogger(__name__)

BIRTHPLACE_SOURCES = ("zags_births", "zags_name_changes", "zags_paternity", "zags_deaths")
"""Sources whose municipality is not where the person lives: it is no evidence for or against."""


@dataclass(frozen=True, kw_only=True)
class LinkResult:
    """`links`: record_id, pupil_id (negative = new), rule, weight, evidence_record_id, status auto | new | review.
    `reviews`: record_id, candidate_pupil_id, candidate_record_id (of that pupil, the one compared with), weight, reasons.
    `redirects`: pupil_id, redirect_to. `work`: records read, pairs compared and scored."""

    links: pa.Table
    reviews: pa.Table
    redirects: pa.Table
    work: dict[str, int] = field(default_factory=dict)


def link(records: pa.Table | Path, *, previous: pa.Table | None = None, decisions: pa.Table | None = None, validations: pa.Table | None = None,
         one_record_sources: Collection[str] = (), birthplace_sources: Collection[str] = BIRTHPLACE_SOURCES,
         progress: Callable[[str], None] | None = None) -> LinkResult:
    """Decide which records are one pupil.

    `records`: columns of `inputs.RECORD`, as a table or a Parquet file. They may be a neighbourhood (`keys.link_keys`): what lies outside of it does
    not change the answer.
    Raises ContractBroken if records lack a key column or repeat a record_id.
    """
    tell = progress or (lambda step: None)
    with Engine(Path(__file__).parent) as engine:
        inputs.give_records(engine, records)
        for relation, rows in (("previous", previous), ("decision", decisions), ("validation", validations)):
            engine.give(relation, inputs.complete(rows, inputs.GIVEN[relation]))
        inputs.give_reference(engine, one_record_sources, birthplace_sources)
        tell("names")
        engine.run("name_form", "person", "twin_spelling")
        tell("evidence")
        work = {"records_read": engine.count("person")} | judge(engine)
        tell("clusters")
        settle(engine, "strong_edge")
        tell("scores")
        work |= _score(engine)
        settle(engine, "edge", by_score=True)
        tell("pupils")
        engine.run("settled", "owner", "assignment", "redirect", "doubt", "review", "linked")
        result = LinkResult(links=engine.rows("linked"), reviews=engine.rows("review"), redirects=engine.rows("redirect"), work=work)
    log.info("linked %d records, weights %d: %d reviews, %d redirects", result.links.num_rows, weights.version(),
             result.reviews.num_rows, result.redirects.num_rows)
    return result


def judge(engine: Engine) -> dict[str, int]:
    """Strong evidence into `strong_edge`; what contradicts it stays in `judged`."""
    engine.run("stated", "evidence", "candidate", "candidate_pair")
    compare(engine, "candidate_pair", "comparison")
    engine.run("contested", "doubled", "judged", "strong_edge")
    compared = engine.count("comparison")
    engine.forget("stated", "evidence", "candidate", "candidate_pair", "contested", "doubled")
    return {"pairs_compared": compared}


def _score(engine: Engine) -> dict[str, int]:
    """What strong evidence leaves, scored: the joins into `edge`, the doubts in `rule_score`."""
    engine.run("cluster_profile", "told_by")
    speak(engine, "SELECT n FROM told_by")
    engine.run("spoken", "block", "blocked_pair", "known", "told")
    engine.forget("block")
    blocked = engine.count("blocked_pair")
    score(engine, "told", "blocked_pair", "scored", at_least=weights.bar("ask"))
    engine.run("scored_pair", "score_pair")
    compare(engine, "score_pair", "score_comparison")
    engine.run("namesake", "score_fact", "rival", "rival_pair")
    score(engine, "told", "rival_pair", "rival_score")
    engine.run("rival_loudest")
    compare(engine, "rival_loudest", "rival_comparison")
    engine.run("asked_between", "score_tie", "rule_score", "edge")
    engine.forget("cluster_profile", "blocked_pair", "scored", "rival", "rival_pair", "rival_score")
    return {"pairs_scored": blocked}
