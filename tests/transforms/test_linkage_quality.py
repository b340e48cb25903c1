from __future__ import annotations

from itertools import combinations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import ContractBroken
from transforms.linkage_quality import ALL, check, measure
from transforms.linkage_sample import draw, estimates, wilson


def links(*pupils: str, status: str = "auto") -> pa.Table:
    return pa.table({"record_id": range(1, len(pupils) + 1), "pupil_id": [ord(name) for name in pupils], "status": [status] * len(pupils)})


def truth(*persons: str, **groups: list[object]) -> pa.Table:
    return pa.table({"record_id": range(1, len(persons) + 1), "person_id": [ord(name) for name in persons], **groups})


def found(linked: pa.Table, known: pa.Table, subgroup: str = ALL, in_review: pa.Table | None = None) -> dict[str, float]:
    return {each.measure: each.value for each in measure(linked, known, in_review) if each.subgroup == subgroup}


def test_pairs_and_records_are_counted_as_by_hand() -> None:
    figures = found(links(*"AAABBC"), truth(*"xxyyyy"))
    assert (figures["linked_pairs"], figures["true_pairs"], figures["right_pairs"]) == (4, 7, 2)
    assert (figures["precision"], figures["recall"]) == (2 / 4, 2 / 7)
    assert figures["b3_precision"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)
    assert figures["b3_recall"] == pytest.approx((1 + 1 + 1 / 4 + 2 / 4 + 2 / 4 + 1 / 4) / 6)
    assert (figures["over_merged_pupils"], figures["under_merged_persons"]) == (1, 1)


def test_a_false_link_is_an_automatic_one_into_a_pupil_of_another_person() -> None:
    figures = found(links(*"AAAB"), truth(*"xxyy", snils_is_wrong=[False, False, True, False]))
    assert (figures["automatic_links"], figures["false_links"], figures["false_links_per_10000"]) == (4, 1, 2500)
    assert (figures["doubtful_number_links"], figures["false_doubtful_number_links"]) == (1, 1)


def test_records_in_review_are_no_automatic_links_and_count_once() -> None:
    figures = found(links(*"ABC", status="review"), truth(*"xyz"), in_review=pa.table({"record_id": [1, 1, 2]}))
    assert (figures["automatic_links"], figures["records_in_review"], figures["review_share"]) == (0, 3, 1.0)


def test_two_twins_in_one_pupil_are_told_apart_from_other_mergers() -> None:
    assert found(links(*"AABB"), truth(*"xyzz", is_twin=[True, True, True, True]))["twins_merged_pupils"] == 1
    assert found(links(*"AABB"), truth(*"xyzz", is_twin=[True, False, False, False]))["twins_merged_pupils"] == 0


def test_a_pair_is_of_a_group_when_one_of_its_records_is() -> None:
    figures = found(links(*"AAAB"), truth(*"xxyy", has_patronymic=[True, True, False, True]), "has_patronymic=false")
    assert (figures["records"], figures["linked_pairs"], figures["true_pairs"], figures["right_pairs"]) == (1, 2, 1, 0)


def test_a_missing_group_is_a_group_of_its_own() -> None:
    assert found(links(*"AB"), truth(*"xy", sex=["F", None]), "sex=-")["records"] == 1


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), min_size=1, max_size=25))
def test_figures_agree_with_counting_every_pair(drawn: list[tuple[int, int, bool]]) -> None:
    rows = range(len(drawn))
    linked = pa.table({"record_id": rows, "pupil_id": [pupil for pupil, _, _ in drawn], "status": ["auto"] * len(drawn)})
    known = pa.table({"record_id": rows, "person_id": [person for _, person, _ in drawn], "is_twin": [twin for _, _, twin in drawn]})
    for subgroup, chosen in ((ALL, [True] * len(drawn)), ("is_twin=true", [twin for _, _, twin in drawn])):
        pairs = [(drawn[a], drawn[b]) for a, b in combinations(rows, 2) if chosen[a] or chosen[b]]
        figures = found(linked, known, subgroup)
        if any(chosen):
            assert figures["linked_pairs"] == sum(a[0] == b[0] for a, b in pairs)
            assert figures["true_pairs"] == sum(a[1] == b[1] for a, b in pairs)
            assert figures["right_pairs"] == sum(a[:2] == b[:2] for a, b in pairs)


def test_records_of_one_table_only_are_left_out_and_named_by_the_check() -> None:
    linked, known = links(*"AAB"), truth(*"xx")
    assert found(linked, known)["records"] == 2
    with pytest.raises(ContractBroken, match="1 records of the links are not in the truth; the first is 3"):
        check(linked, known)


@pytest.mark.parametrize(("known", "message"), [
    (pa.table({"record_id": [1]}), "the truth lack person_id"), (pa.table({"record_id": [1, 1], "person_id": [1, 2]}), "1 record_id of the truth come more"),
    (pa.table({"record_id": [1, 2], "person_id": [1, None]}), "1 rows of the truth have no record_id or no person_id")])
def test_a_broken_truth_is_refused_in_one_line(known: pa.Table, message: str) -> None:
    with pytest.raises(ContractBroken, match=message):
        measure(links("A"), known)


def linked_pairs(count: int, rule: str = "snils", weight: float = 26.0, first: int = 1) -> pa.Table:
    return pa.table({"record_id": range(first, first + 2 * count, 2), "other_record_id": range(first + 1, first + 2 * count, 2), "rule": [rule] * count,
                     "weight": [weight] * count})


def near_misses(count: int) -> pa.Table:
    return pa.table({"record_id": range(1, count + 1), "other_record_id": range(100_001, 100_001 + count), "rule": ["name"] * count, "weight": [6.0] * count})


def test_the_sample_has_some_of_every_stratum_and_says_how_many_each_stands_for() -> None:
    sample = draw(pa.concat_tables([linked_pairs(500), linked_pairs(500, "name", 12.0, first=5_001)]), near_misses(5), version=7, each=10).to_pandas()
    assert sample.groupby("stratum").size().to_dict() == {"linked:name:10": 10, "linked:snils:25": 10, "near:name:5": 5}
    assert sample.groupby("stratum")["stratum_size"].first().to_dict() == {"linked:name:10": 500, "linked:snils:25": 500, "near:name:5": 5}
    assert (sample["record_id"] < sample["other_record_id"]).all()


def test_the_same_version_draws_the_same_pairs_in_any_order_and_another_draws_others() -> None:
    pairs, near = linked_pairs(500), near_misses(50)
    turned = pairs.take(list(range(499, -1, -1)))
    assert draw(pairs, near, version=1).equals(draw(turned, near, version=1))
    assert not draw(pairs, near, version=1).equals(draw(pairs, near, version=2))


def answers(sample: pa.Table, same: list[bool]) -> pa.Table:
    return sample.select(["record_id", "other_record_id"]).append_column("is_same", pa.array(same))


def test_estimates_weigh_strata_by_what_they_stand_for() -> None:
    sample = draw(linked_pairs(900), near_misses(100), version=1, each=10)
    told = answers(sample, [True] * 10 + [True] * 5 + [False] * 5)
    figures = {each.measure: each for each in estimates(sample, told)}
    assert figures["precision"].value == 1.0
    assert figures["recall"].value == pytest.approx(900 / 950)
    assert 0.6 < (figures["precision"].low or 0) < 0.85
    assert (figures["recall"].low or 0) < 900 / 950 < (figures["recall"].high or 0) < 1


def test_disagreeing_answers_leave_a_pair_open_and_no_answer_estimates_nothing() -> None:
    sample = draw(linked_pairs(1), near_misses(0), version=1)
    both = pa.concat_tables([answers(sample, [True]), answers(sample, [False])])
    assert estimates(sample, both) == []
    assert estimates(sample, both.slice(0, 0)) == []


def test_the_interval_of_wilson_holds_known_values() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(10, 10) == pytest.approx((0.7224672, 1.0))
    assert wilson(45, 50) == pytest.approx((0.7863975, 0.9565236), abs=1e-6)
