from __future__ import annotations

import pyarrow as pa
import pytest

from tests.conftest import Warehouse
from transforms.linkage_quality import Measure
from transforms.linkage_sample import SAMPLE, estimates
from warehouse import linkage_measures

pytestmark = pytest.mark.warehouse


def drawn(*pairs: tuple[str, int, int, bool]) -> pa.Table:
    return pa.Table.from_pylist([{"stratum": stratum, "record_id": one, "other_record_id": two, "stratum_size": 100, "is_linked": is_linked}
                                 for stratum, one, two, is_linked in pairs], schema=SAMPLE)


def say(warehouse: Warehouse, one: int, two: int, opinion: str, by: str) -> None:
    warehouse.execute("INSERT INTO identity.opinion (record_id, other_record_id, opinion, reason, decided_by, is_blind) "
                      "VALUES (:one, :two, :opinion, 'so', :by, false)", one=one, two=two, opinion=opinion, by=by)


def test_measures_kept_twice_are_the_latest_ones(warehouse: Warehouse) -> None:
    for value in (0.5, 0.75):
        linkage_measures.keep(3, "truth", [Measure(subgroup="", measure="precision", value=value, low=0.4, high=0.9)])
    assert warehouse.rows("SELECT version, basis, value::float8, low::float8 FROM quality.linkage_measure") == [(3, "truth", 0.75, 0.4)]
    assert linkage_measures.keep(3, "sample", []) == 0


def test_a_version_is_sampled_once(warehouse: Warehouse) -> None:
    assert linkage_measures.keep_sample(3, drawn(("linked:snils:25", 1, 2, True), ("near:name:5", 1, 3, False))) == 2
    assert linkage_measures.keep_sample(3, drawn(("linked:snils:25", 5, 6, True))) == 0
    assert linkage_measures.keep_sample(4, drawn(("linked:snils:25", 1, 2, True))) == 1
    assert set(linkage_measures.samples()["stratum"].to_pylist()) == {"3:linked:snils:25", "3:near:name:5", "4:linked:snils:25"}


def test_answers_to_sampled_pairs_become_estimates_and_unsure_ones_say_nothing(warehouse: Warehouse) -> None:
    linkage_measures.keep_sample(3, drawn(("linked:snils:25", 1, 2, True), ("linked:snils:25", 3, 4, True), ("near:name:5", 5, 6, False)))
    for one, two, opinion, by in ((1, 2, "same", "a"), (1, 2, "same", "b"), (3, 4, "unsure", "a"), (5, 6, "different", "a"), (7, 8, "same", "a")):
        say(warehouse, one, two, opinion, by)
    told = linkage_measures.answers()
    assert told.num_rows == 3
    found = {each.measure: each for each in estimates(linkage_measures.samples(), told)}
    assert (found["precision"].value, found["recall"].value, found["pairs_answered"].value) == (1.0, 1.0, 2)
    assert 0 < (found["precision"].low or 0) < 0.5


def test_nothing_linked_is_version_0_and_counts_nothing(warehouse: Warehouse) -> None:
    assert linkage_measures.linked_version() == 0
    assert dict((name, value) for subgroup, name, value in linkage_measures.run_counts() if not subgroup)["records"] == 0
    assert linkage_measures.linked_records().num_rows == 0


@pytest.mark.parametrize("role", ["analyst", "publisher", "steward"])
def test_only_the_loader_writes_figures(warehouse: Warehouse, role: str) -> None:
    with pytest.raises(Exception, match="permission denied"):
        warehouse.execute("INSERT INTO quality.linkage_measure (version, basis, subgroup, measure, value) VALUES (1, 'truth', '', 'f1', 1)", role=role)
