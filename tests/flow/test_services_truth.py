"""The services' data of a whole day against the region's truth: children of each organisation, and marks that nobody consented to show."""

from __future__ import annotations

import pytest

from tests.flow.lived import Lived
from tests.flow.test_benefits_truth import children, in_two_schools

pytestmark = pytest.mark.flow


def test_each_organisation_has_exactly_the_children_who_truly_go_there(lived: Lived) -> None:
    people = children(lived)
    at = people[people["organisation_key"].notna() & (people["product"] != "none")]
    true = at.groupby("organisation_key").size().to_dict()
    twice = people[people.index.isin(in_two_schools(lived))]
    counted = {str(key): int(str(count)) for key, count in lived.warehouse.rows(
        "SELECT organisation_key, pupil_count FROM marts.service_enrolment WHERE pupil_count IS NOT NULL")}
    assert sum(true.values()) > 100
    differing = {key: counted.get(key, 0) - true.get(key, 0) for key in true.keys() | counted.keys() if counted.get(key, 0) != true.get(key, 0)}
    assert all(difference > 0 for difference in differing.values()), "a child that goes there is missing"
    assert sum(differing.values()) == len(twice), "each child on two lists is counted in both, and no other is"


def test_free_places_are_places_less_children_and_unknown_where_no_list_came(lived: Lived) -> None:
    for places, pupils, free in lived.warehouse.rows("SELECT place_count, pupil_count, free_count FROM marts.service_enrolment"):
        assert free == (int(str(places)) - int(str(pupils)) if places is not None and pupils is not None else None)


def test_without_a_consent_no_mark_of_the_whole_day_is_shown(lived: Lived) -> None:
    assert lived.warehouse.scalar("SELECT count(*) FROM marts.mark") != 0
    assert lived.warehouse.scalar("SELECT count(*) FROM marts.service_progress") == 0
