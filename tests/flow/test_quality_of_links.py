"""The quality of a day's links against the region's truth, as the run keeps it."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from tests.flow.lived import Lived

pytestmark = pytest.mark.flow


def figures(lived: Lived, basis: str, subgroup: str = "") -> dict[str, float]:
    rows = lived.warehouse.rows("SELECT measure, value::float8 FROM quality.linkage_measure WHERE basis = :basis AND subgroup = :subgroup",
                                basis=basis, subgroup=subgroup)
    return {str(name): float(str(value)) for name, value in rows}


def test_a_run_keeps_what_it_did_and_how_it_compares_with_known_persons(lived: Lived) -> None:
    run, truth = figures(lived, "run"), figures(lived, "truth")
    assert run["records"] == lived.warehouse.scalar("SELECT count(*) FROM identity.link WHERE version_to = 9223372036854775807")
    assert run["records_read"] > 0
    assert 0 <= run["review_share"] < 0.1
    assert 0.99 < truth["precision"] <= 1
    assert truth["recall"] > 0.9
    assert truth["twins_merged_pupils"] == 0
    assert truth["records"] > 500
    assert {row[0] for row in lived.warehouse.rows("SELECT DISTINCT subgroup FROM quality.linkage_measure WHERE basis = 'truth'")} >= {
        "sex=F", "sex=M", "has_patronymic=false", "is_twin=true"}


def test_the_figures_agree_with_the_truth_counted_apart(lived: Lived) -> None:
    known = pd.read_parquet(lived.world / "truth.parquet").drop_duplicates(["source", "wire_key"])
    rows = pd.DataFrame(lived.warehouse.rows(
        "SELECT link.pupil_id, record.source, CASE WHEN record.source = 'pfr_snils' THEN record.snils ELSE record.source_key END AS wire_key "
        "FROM identity.link JOIN identity.person_record AS record USING (record_id) WHERE link.version_to = record.version_to"),
        columns=["pupil_id", "source", "wire_key"]).merge(known, on=["source", "wire_key"])
    shared = rows.groupby(["pupil_id", "person_id"]).size()
    assert figures(lived, "truth")["records"] == len(rows)
    assert figures(lived, "truth")["right_pairs"] == int((shared * (shared - 1) // 2).sum())


def test_a_sample_of_every_rule_is_drawn_once(lived: Lived) -> None:
    drawn = lived.warehouse.rows("SELECT stratum, count(*), max(stratum_size), bool_or(is_linked) FROM identity.sample GROUP BY stratum")
    assert len(drawn) >= 3
    assert all(int(str(count)) <= min(12, int(str(size))) for _, count, size, _ in drawn)
    assert {str(stratum).split(":")[0] for stratum, *_ in drawn} == {"linked", "near"}


def test_measuring_again_changes_nothing(lived: Lived) -> None:
    def kept() -> tuple[object, ...]:
        return tuple(lived.warehouse.rows("SELECT (SELECT count(*) FROM quality.linkage_measure), (SELECT count(*) FROM identity.sample)")[0])

    before = kept()
    with lived.environment():
        from pipeline import quality_of_links

        assert quality_of_links.measure()["drawn"] == 0
    assert kept() == before


def test_the_page_tells_the_figures_and_names_nobody(lived: Lived) -> None:
    page = (lived.warehouse.folder / "portal" / "current" / "linkage.html").read_text("utf-8")
    assert "по известным лицам точность пар" in page
    assert not re.search(r"\b\d{11}\b", page)
