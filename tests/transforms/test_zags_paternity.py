"""Establishments of paternity: the child's new name, the old one if the act has it, the mother."""

from __future__ import annotations

import pandas as pd

from tests.transforms.kept_smev import push
from transforms.zags_paternity import clean


def test_the_child_has_the_names_after_the_act() -> None:
    cleaned = clean("person", push("zags_paternity"))
    joined, nameless = cleaned.rows.iloc[0], cleaned.rows.iloc[1]
    assert (joined["family_name"], joined["previous_family_name"], joined["mother_family_name"]) == ("БАДМАЕВ", "КОРОЛЁВ", "КОРОЛЁВА")
    assert joined["birth_act_number"] == "1" + "0" * 19 + "1"
    assert pd.isna(nameless["previous_family_name"])
    assert cleaned.refused.empty
