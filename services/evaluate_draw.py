"""Pages of one evaluation: figures with the threshold curve, and the waterfall of one pair; each a file that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms import review_words as words
from transforms.linkage_quality import ALL, Measure

TITLES = {
    "records": "Записей", "persons": "Людей", "pupils": "Получилось детей", "precision": "Точность пар", "recall": "Полнота пар", "f1": "F1 пар",
    "b3_precision": "B³ точность", "b3_recall": "B³ полнота", "b3_f1": "B³ F1", "over_merged_pupils": "Соединены разные дети",
    "under_merged_persons": "Один ребёнок разделён", "twins_merged_pupils": "Соединены близнецы", "false_links": "Ложных автоматических связей",
    "false_links_per_10000": "Ложных на 10 000", "false_doubtful_number_links_per_10000": "Ложных на 10 000 при чужом СНИЛС",
    "review_share": "На рассмотрении"}
_GROUPED = ("records", "precision", "recall", "f1", "b3_f1", "false_links", "false_links_per_10000", "review_share")
_PERCENT = {"precision", "recall", "f1", "b3_precision", "b3_recall", "b3_f1", "review_share"}
_GROUPS = {"sex": "пол", "citizenship": "гражданство", "has_patronymic": "отчество есть", "is_transliterated": "имя из другого алфавита", "is_twin": "близнец",
           "snils_is_wrong": "СНИЛС чужой", "snils_is_shared": "СНИЛС у нескольких", "M": "мужской", "F": "женский", "true": "да", "false": "нет", "-": "не указано"}
_POINTS = 200
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 760, 360, 64, 16, 48
_ROW, _TEXT, _NUMBER = 46, 230, 70


@dataclass(frozen=True, kw_only=True)
class Point:
    """What joining from `bar` bits on would mean: pairs joined, right ones among them, and all right ones that were compared."""

    bar: float
    joined: int
    right: int
    all_right: int

    @property
    def precision(self) -> float:
        return self.right / self.joined if self.joined else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.all_right if self.all_right else 1.0


def curve(pairs: pa.Table, truth: pa.Table) -> list[Point]:
    """Points by rising bar, one for each weight that occurs (the quantiles when there are many); pairs: record_id, other_record_id, weight."""
    weighed = pairs.filter(pc.is_valid(pairs["weight"]))
    person = [truth["person_id"].take(pc.index_in(weighed[side], value_set=truth["record_id"].combine_chunks())) for side in ("record_id", "other_record_id")]
    same = pc.fill_null(pc.equal(*person), False).to_numpy()
    weight = weighed["weight"].to_numpy()
    order = np.argsort(weight)
    joined = len(weight) - np.arange(len(weight))
    right = same[order][::-1].cumsum()[::-1]
    bars, first = np.unique(weight[order], return_index=True)
    chosen = np.unique(np.linspace(0, len(bars) - 1, min(_POINTS, len(bars))).astype(int)) if len(bars) else np.zeros(0, dtype=int)
    return [Point(bar=float(bars[n]), joined=int(joined[first[n]]), right=int(right[first[n]]), all_right=int(same.sum())) for n in chosen]


def quality_page(measures: list[Measure], points: list[Point]) -> str:
    """The page of figures, curve and groups."""
    known: dict[str, dict[str, float]] = {}
    for each in measures:
        known.setdefault(each.subgroup, {})[each.measure] = each.value
    figures = [(title, shown(name, known[ALL][name])) for name, title in TITLES.items() if name in known[ALL]]
    groups = [(group_title(group), *(shown(name, values[name]) for name in _GROUPED)) for group, values in known.items() if group != ALL]
    return _render("evaluate_quality.html", figures=figures, groups=groups, curve=_curve_shapes(points) if len(points) > 1 else None)


def pair_page(pair: tuple[str, str], parts: list[dict[str, Any]]) -> str:
    """The waterfall of one pair from its parts (part, level, weight in bits); what weighs nothing is left out."""
    return _render("evaluate_pair.html", pair=pair, chart=_waterfall([part for part in parts if part["weight"]]))


def shown(name: str, value: float) -> str:
    """A measure as an official reads it: shares in per cent, counts with thin spaces."""
    if name in _PERCENT:
        return f"{100 * value:.3f}".replace(".", ",") + " %"
    return f"{value:,.2f}".replace(",", "\u202f").replace(".", ",") if value % 1 else f"{value:,.0f}".replace(",", "\u202f")


def group_title(subgroup: str) -> str:
    """`sex=F` in Russian."""
    name, _, value = subgroup.partition("=")
    return f"{_GROUPS.get(name, name)}: {_GROUPS.get(value, value)}"


def _curve_shapes(points: list[Point]) -> dict[str, Any]:
    low = min(min(point.precision, point.recall) for point in points)
    floor = next(edge for edge in (0.999, 0.99, 0.95, 0.9, 0.75, 0.5, 0.0) if edge <= low)
    first, last = points[0].bar, points[-1].bar
    right, bottom = _WIDTH - 16, _HEIGHT - _BOTTOM

    def x(bar: float) -> float:
        return round(_LEFT + (bar - first) / (last - first) * (right - _LEFT), 1)

    def y(share: float) -> float:
        return round(bottom - (share - floor) / (1 - floor) * (bottom - _TOP), 1)

    def line(shares: list[float]) -> str:
        """A step line: each share holds up to its bar."""
        corners = [(x(points[max(n - 1, 0)].bar), y(share)) for n, share in enumerate(shares)]
        ends = [(x(point.bar), y(share)) for point, share in zip(points, shares, strict=True)]
        return " ".join(f"{a:g},{b:g}" for pair in zip(corners, ends, strict=True) for a, b in pair)

    shares = [floor + (1 - floor) * part / 5 for part in range(6)]
    digits = 2 if floor >= 0.99 else 1 if floor >= 0.9 else 0
    return {"width": _WIDTH, "height": _HEIGHT, "left": _LEFT, "right": right, "bottom": bottom,
            "rows": [{"y": y(share), "title": f"{100 * share:.{digits}f}".replace(".", ",") + " %"} for share in shares],
            "ticks": [{"x": x(bar), "title": f"{bar:.0f}"} for bar in np.linspace(first, last, 8)],
            "precision": line([point.precision for point in points]), "recall": line([point.recall for point in points]),
            "points": [{"bar": shown("bar", round(point.bar, 2)), "joined": shown("", point.joined), "right": shown("", point.right),
                        "precision": shown("precision", point.precision), "recall": shown("recall", point.recall)} for point in points]}


def _waterfall(parts: list[dict[str, Any]]) -> dict[str, Any]:
    ends = np.concatenate([[0.0], np.cumsum([float(part["weight"]) for part in parts])])
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()), 1.0)
    scale = (_WIDTH - _TEXT - _NUMBER - 12) / (high - low)

    def x(bits: float) -> float:
        return round(_TEXT + (bits - low) * scale, 1)

    bars = [{"title": words.part(part["part"]), "level": words.level(part["level"]), "y": n * _ROW,
             "kind": "for" if part["weight"] > 0 else "against", "x": x(min(ends[n], ends[n + 1])), "width": max(1.0, round(abs(ends[n + 1] - ends[n]) * scale, 1)),
             "next": x(ends[n + 1]), "weight": _signed(float(part["weight"]))} for n, part in enumerate(parts)]
    total = float(ends[-1])
    bars.append({"title": "Вес пары", "level": "сумма", "y": len(parts) * _ROW, "kind": "sum", "x": x(min(0.0, total)),
                 "width": max(1.0, round(abs(total) * scale, 1)), "next": None, "weight": _signed(total)})
    return {"width": _WIDTH, "height": (len(parts) + 1) * _ROW + 34, "zero": x(0.0), "bars": bars}


def _signed(bits: float) -> str:
    return f"{bits:+.1f}".replace("-", "−").replace(".", ",")


def _render(name: str, **values: Any) -> str:
    folder = Path(__file__).with_name("templates")
    pages = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return pages.get_template(name).render(style=(folder / "evaluate.css").read_text("utf-8"), **values)
