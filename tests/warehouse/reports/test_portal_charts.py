"""Tests of charts: the numbers of the table and no others, words for those who do not see, and the libraries as their manifest says."""

from __future__ import annotations

import hashlib
import json
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from schemas.errors import ConfigurationError
from warehouse.portal import assets
from warehouse.reports import pictures, plots
from warehouse.reports.model import Chart, Column, Table
from warehouse.reports.shape import integer, text, with_total

SVG = "{http://www.w3.org/2000/svg}"


def table(places: list[str], girls: list[object], boys: list[object], *, has_total: bool = False) -> Table:
    rows = pd.DataFrame({"place": places, "girls": girls, "boys": boys}, dtype="object")
    if has_total:
        rows = with_total(rows, label="Всего", counts=["girls", "boys"])
    share = Column(name="share", title="Доля", kind="share")
    return Table(name="places", sheet="places", title="Районы", rows=rows.assign(share=0.125), is_total_last=has_total,
                 columns=(text("place", "Район"), integer("girls", "Девочек"), integer("boys", "Мальчиков"), share))


def chart(kind: str = "bar", *series: str, most: int = 30) -> Chart:
    return Chart(table="places", title="Дети", x="place", series=series or ("girls", "boys"), kind=kind, most=most)  # type: ignore[arg-type]


def test_a_chart_shows_the_first_rows_and_never_the_total() -> None:
    plot = plots.read(chart(most=2), table(["А", "Б", "В"], [1, 2, 3], [4, 5, 6], has_total=True))
    assert plot.labels == ("А", "Б")
    assert [one.values for one in plot.series] == [(1.0, 2.0), (4.0, 5.0)]
    assert plots.read(chart(), table(["А", "Б"], [1, 2], [3, 4], has_total=True)).labels == ("А", "Б")


def test_what_is_missing_or_said_in_words_is_no_zero() -> None:
    plot = plots.read(chart("line"), table(["А", "Б", "В"], [1, None, "нет данных"], [0, 1, 2]))
    assert plot.series[0].values == (1.0, None, None)
    drawn = etree.fromstring(pictures.svg(plot))
    assert len(drawn.findall(f"{SVG}circle")) == 4


def test_the_words_of_a_chart_name_the_largest_and_the_smallest() -> None:
    said = plots.read(chart(), table(["А", "Б", "В"], [5, 1000, 7], [2, 2, 2])).words()
    assert said == ("Дети. Столбчатая диаграмма, 3 категории. Девочек: больше всего 1\u00a0000 (Б), меньше всего 5 (А); Мальчиков: везде 2. "
                    "Все числа – в таблице.")
    assert "12,5\u00a0%" in plots.read(chart("bar", "share"), table(["А"], [1], [1])).words()


@pytest.mark.parametrize("wrong", [chart("bar", "women"), chart("bar", "girls", "share"), chart("bar", "place")])
def test_a_chart_of_a_column_that_is_not_there_or_of_mixed_kinds_is_refused(wrong: Chart) -> None:
    with pytest.raises(ConfigurationError):
        plots.read(wrong, table(["А"], [1], [1]))


def test_long_labels_lay_a_chart_on_its_side_and_short_ones_do_not() -> None:
    assert plots.read(chart(), table(["Баунтовский эвенкийский район"] * 12, [1] * 12, [1] * 12)).is_lying
    assert not plots.read(chart(), table(["1", "2", "3"], [1] * 3, [1] * 3)).is_lying
    assert not plots.read(chart("line"), table(["Баунтовский эвенкийский район"] * 12, [1] * 12, [1] * 12)).is_lying


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.sampled_from(["bar", "stacked", "horizontal"]))
def test_a_bar_is_as_long_as_its_number_and_stays_in_the_picture(counts: list[int], kind: str) -> None:
    plot = plots.read(chart(kind), table([f"р {n}" for n in range(len(counts))], list(counts), [n // 2 for n in counts]))
    drawn = etree.fromstring(pictures.svg(plot))
    width, height = map(float, drawn.get("viewBox").split()[2:])
    side = "width" if plot.is_lying else "height"
    long: dict[int, float] = {}
    for bar in drawn.findall(f"{SVG}rect"):
        x, y, wide, high = (float(bar.get(name)) for name in ("x", "y", "width", "height"))
        assert min(x, y) >= 0
        assert x + wide <= width + 0.2
        assert y + high <= height + 0.2
        if (hint := bar.findtext(f"{SVG}title")):
            long[int(re.sub(r"\D", "", hint.rpartition(":")[2]))] = float(bar.get(side))
    if long:
        most = max(long)
        assert all(size == pytest.approx(max(long[most] * count / most, 0.5), abs=0.3) for count, size in long.items())


@given(st.floats(0, 1e7), st.booleans())
def test_the_scale_ends_above_the_largest_number_and_whole_numbers_have_whole_steps(largest: float, is_whole: bool) -> None:
    top = pictures.scale(largest, is_whole=is_whole)
    assert top >= largest
    assert not is_whole or (top / pictures.STEPS).is_integer()
    assert top <= max(largest * 2, 8.0)


def test_a_label_cannot_become_markup() -> None:
    drawn = pictures.picture(plots.read(chart(), table(['"><script>alert(1)</script>', "Б"], [1, 2], [1, 2])))
    assert "<script" not in drawn.svg
    assert etree.fromstring(drawn.svg).get("aria-label", "").count('"><script>') == 2


def luminance(colour: str) -> float:
    parts = [int(colour[n:n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_of_charts_keep_their_contrast_in_light_and_dark() -> None:
    style = (assets.HERE / "portal.css").read_text(encoding="utf-8")
    light, dark = style.split("prefers-color-scheme: dark", 1)[0], style.split("prefers-color-scheme: dark", 1)[1].split("* {", 1)[0]
    for part in (light, dark):
        named = dict(re.findall(r"--([a-z0-9]+): (#[0-9a-f]{6})", part))
        sheet = luminance(named["sheet"])
        for number in range(len(pictures.COLOURS)):
            own = luminance(named[f"c{number}"])
            assert (max(own, sheet) + 0.05) / (min(own, sheet) + 0.05) >= 4.5, (number, named[f"c{number}"])
    assert dict(re.findall(r"--(c\d): (#[0-9a-f]{6})", light)) == {f"c{number}": colour for number, colour in enumerate(pictures.COLOURS)}


def test_the_libraries_are_the_files_of_their_manifest_with_their_licences() -> None:
    manifest = json.loads((assets.VENDOR / "manifest.json").read_text(encoding="utf-8"))
    wanted = json.loads((assets.VENDOR / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert set(manifest) == {path.name for path in assets.VENDOR.glob("*.min.js")} >= set(assets.LIBRARIES)
    for name, about in manifest.items():
        assert hashlib.sha256((assets.VENDOR / name).read_bytes()).hexdigest() == about["sha256"]
        assert about["version"] in wanted.values()
    for library in ("echarts", "zrender", "tslib", "d3"):
        assert (assets.VENDOR / f"LICENSE-{library}").stat().st_size > 300
