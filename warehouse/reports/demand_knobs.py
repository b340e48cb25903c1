"""Knobs of the forecast of places: `schemas/forms/demand.yaml`, which a ministry user may edit."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

import yaml

from schemas.errors import ConfigurationError
from warehouse.reports import forms

BOUNDS: dict[str, tuple[float, float]] = {
    "take_up_0_3": (0, 1), "take_up_3_7": (0, 1), "migration": (-0.5, 0.5), "births_trend": (-0.5, 0.5), "horizon": (1, 7), "years_of_ratios": (1, 20),
    "least_children": (0, 100_000), "interval": (0.1, 0.99)}


@dataclass(frozen=True, kw_only=True)
class Knobs:
    """What may be changed without code; shares from 0 to 1, `None` = as observed."""

    version: int
    take_up_0_3: float | None
    take_up_3_7: float | None
    migration: float
    births_trend: float
    one_shift: bool
    horizon: int
    years_of_ratios: int
    least_children: int
    interval: float


@cache
def read() -> Knobs:
    """The knobs of the installation; ConfigurationError, in one sentence, when the file is not as it must be."""
    return parse((forms.FOLDER / "demand.yaml").read_text(encoding="utf-8"))


def parse(content: str) -> Knobs:
    """The knobs out of the text of their file."""
    try:
        raw = yaml.safe_load(content)
    except yaml.YAMLError:
        raise ConfigurationError("demand.knobs", "demand.yaml is not YAML") from None
    names = {one.name for one in fields(Knobs)}
    if not isinstance(raw, dict) or raw.keys() != names:
        raise ConfigurationError("demand.knobs", f"demand.yaml has exactly these knobs: {', '.join(sorted(names))}")
    for name, (least, most) in BOUNDS.items():
        value, may_be_null = raw[name], name.startswith("take_up")
        if value is None and may_be_null:
            continue
        whole = name in ("horizon", "years_of_ratios", "least_children")
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)) or not least <= value <= most:
            raise ConfigurationError("demand.knobs", f"demand.yaml: {name} is a {'whole ' if whole else ''}number from {least} to {most}")
    if not isinstance(raw["one_shift"], bool) or not isinstance(raw["version"], int):
        raise ConfigurationError("demand.knobs", "demand.yaml: one_shift is true or false, version a whole number")
    return Knobs(**raw)
