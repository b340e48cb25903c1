"""From records to pupils: evidence, contradictions, clusters, stable ids, and what a person should look at."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from transforms.engine import Engine
from transforms.linkage import clusters, inputs, weights

log = logging.getLogger(__name__)

BIRTHPLACE_SOURCES = ("zags_births", "zags_name_changes", "zags_paternity", "zags_deaths")
"""Sources whose municipality is not where the person lives: it is no evidence for or against."""
STRONG = ("rule_answer", "rule_snils", "rule_act", "rule_certificate", "rule_document")
_EDGE_COLUMNS = ["a", "b", "rule", "weight", "agreement"]


@dataclass(frozen=True, kw_only=True)
class LinkResult:
    """`links`: record_id, pupil_id (negative = new), rule, weight, evidence_record_id, status auto | new | review.
    `reviews`: record_id, candidate_pupil_id, candidate_record_id (of that pupil, the one compared with), weight, reasons. `redirects`: pupil_id, redirect_to."""

    links: pa.Table
    reviews: pa.Table
    redirects: pa.Table


def link(records: pa.Table, *, previous: pa.Table | None = None, decisions: pa.Table | None = None, validations: pa.Table | None = None,
         one_record_sources: Collection[str] = (), birthplace_sources: Collection[str] = BIRTHPLACE_SOURCES,
         progress: Callable[[str], None] | None = None) -> LinkResult:
    """Decide which records are one pupil.

    The records may be a neighbourhood: what shares no key (`keys.link_keys`) with it does not change the answer.
    Raises ContractBroken if records lack a key column or repeat a record_id.
    """
    tell = progress or (lambda step: None)
    with Engine(Path(__file__).parent) as engine:
        inputs.give_records(engine, records)
        engine.give("previous", inputs.complete(previous, inputs.PREVIOUS))
        engine.give("decision", inputs.complete(decisions, inputs.DECISION))
        engine.give("validation", inputs.complete(validations, inputs.VALIDATION))
        inputs.give_reference(engine, one_record_sources, birthplace_sources)
        tell("names")
        engine.run("name_form", "person", "alias", "twin_spelling", "name_key")
        engine.forget("record", "name_form")
        tell("evidence")
        _judge(engine)
        tell("clusters")
        lost = _settle(engine, "strong_edge")
        tell("names that are unique")
        engine.run("cluster_profile", "name_group", "rule_name", "near_pair", "edge")
        lost = pd.concat([lost, _settle(engine, "edge", without=lost)], ignore_index=True)
        engine.give("dropped_edge", pa.Table.from_pandas(lost, preserve_index=False))
        _compare(engine, "near_pair", "near_comparison")
        tell("pupils")
        engine.run("rule_near", "settled", "owner", "assignment", "redirect", "doubt", "review", "linked")
        result = LinkResult(links=engine.rows("linked"), reviews=engine.rows("review"), redirects=engine.rows("redirect"))
    log.info("linked %d records, weights %d: %d reviews, %d redirects", result.links.num_rows, weights.version(),
             result.reviews.num_rows, result.redirects.num_rows)
    return result


def _judge(engine: Engine) -> None:
    engine.run(*STRONG, "evidence", "candidate")
    engine.forget(*STRONG, "evidence")
    engine.run("candidate_pair")
    _compare(engine, "candidate_pair", "comparison")
    engine.run("judged", "strong_edge")
    engine.forget("candidate", "comparison")


def _compare(engine: Engine, pairs: str, into: str) -> None:
    engine.rename(pairs, "pair")
    engine.run_into(into, "comparison")
    engine.forget("pair")


def _settle(engine: Engine, relation: str, without: pd.DataFrame | None = None) -> pd.DataFrame:
    """Cluster by the edges of a relation into `cluster` and `kept_edge`; the edges given up, with the reason."""
    count = engine.count("person")
    edges: pd.DataFrame = engine.rows(relation).to_pandas()[_EDGE_COLUMNS]
    if without is not None and len(without):
        gone = pd.MultiIndex.from_frame(without[["a", "b"]])
        edges = edges[~pd.MultiIndex.from_frame(edges[["a", "b"]]).isin(gone)]
    edges = edges.reset_index(drop=True)
    refused = [edges.head(0).assign(reason=pd.Series(dtype="str"))]
    while True:
        root = clusters.roots(count, edges["a"].to_numpy(np.int64), edges["b"].to_numpy(np.int64))
        conflicts = _conflicts(engine, root)
        bad = pd.unique(root[conflicts["a"].to_numpy()])
        lost = clusters.dropped(edges[np.isin(root[edges["a"].to_numpy()], bad)], conflicts)
        if lost.empty:
            break
        refused.append(lost)
        edges = edges.drop(index=lost.index)
    engine.give("cluster", _members(root, np.arange(count)))
    engine.give("kept_edge", pa.Table.from_pandas(edges, preserve_index=False))
    return pd.concat(refused, ignore_index=True)


def _conflicts(engine: Engine, root: clusters.Numbers) -> pd.DataFrame:
    """Pairs of records (a, b, reason) that stand in one component and may not."""
    shared = np.flatnonzero(np.bincount(root, minlength=len(root))[root] > 1) if len(root) else root
    engine.give("component", _members(root, shared))
    engine.run("member_pair")
    _compare(engine, "member_pair", "member_comparison")
    engine.run("conflict")
    found: pd.DataFrame = engine.rows("conflict").to_pandas()
    return found


def _members(root: clusters.Numbers, which: clusters.Numbers) -> pa.Table:
    return pa.table({"n": pa.array(which, pa.int32()), "root": pa.array(root[which], pa.int32())})
