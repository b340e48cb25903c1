"""Writes the measured part of docs/performance.md from what `kontingent bench --json` printed: `python -m services.bench_report PAGE JSON…`."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
LEAST = 2.0
"""Seconds the larger run must take before its growth is worth a line: below it start-up is all there is."""
_SUMS = ("seconds", "cpu_seconds", "database_cpu_seconds", "departments_cpu_seconds", "import_seconds")
_PEAKS = ("peak_megabytes", "database_megabytes", "departments_megabytes", "all_megabytes")
Figures = dict[str, Any]


def write(page: Path, measured: Sequence[Figures]) -> None:
    """Replace what stands between the marks of `page`; ValueError when it has none."""
    before, rest = page.read_text("utf-8").split(BEGIN)
    _, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n{markdown(measured)}{END}{after}", "utf-8")


def markdown(measured: Sequence[Figures]) -> str:
    """The machine, a table a run, and how each step grows between the runs of one kind."""
    runs = sorted(measured, key=lambda run: (not run["registries"], run["children"]))
    parts = [_machine(runs[0])]
    parts += [f"### {_name(run)}\n\n{_totals(run)}\n\n{_table(run)}" for run in runs]
    for small, large in pairwise(runs):
        if small["registries"] == large["registries"]:
            parts.append(f"### From {small['children']:,} to {large['children']:,} children\n\n{_growth(small, large)}")
    return "\n\n".join(parts) + "\n"


def growth(small: Figures, large: Figures) -> list[dict[str, Any]]:
    """Steps of both runs that take LEAST seconds in the larger: seconds of each, and the exponents over children (1 = linear)."""
    earlier = {_key(step): step for step in small["steps"]}
    found = []
    for step in large["steps"]:
        before = earlier.get(_key(step))
        if before is not None and step["seconds"] >= LEAST and before["seconds"] > 0:
            ratio = math.log(large["children"] / small["children"])
            found.append({"day": step["day"], "step": step["step"], "source": step["source"], "small": before["seconds"], "large": step["seconds"],
                          "exponent": math.log(step["seconds"] / before["seconds"]) / ratio,
                          "cpu_exponent": math.log(max(_cpu(step), 0.01) / max(_cpu(before), 0.01)) / ratio,
                          "memory_exponent": math.log(max(step["peak_megabytes"], 1) / max(before["peak_megabytes"], 1)) / ratio})
    return found


def _cpu(step: Figures) -> float:
    """All CPU in the time of a step, whoever spent it: seconds grow with what else the machine does, this does not."""
    return float(step["cpu_seconds"] + step["database_cpu_seconds"] + step["departments_cpu_seconds"])


def total(steps: Sequence[Figures]) -> Figures:
    """Times add up, memory is the largest."""
    return {name: sum(step[name] for step in steps) for name in _SUMS} | {name: max((step[name] for step in steps), default=0.0) for name in _PEAKS}


def _key(step: Figures) -> tuple[int, str, str]:
    return step["day"], step["step"], step["source"]


def _name(run: Figures) -> str:
    return f"{run['children']:,} children, {'registries' if run['registries'] else 'registries, journals and universities'}"


def _machine(run: Figures) -> str:
    known = run["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in known["versions"].items())
    return f"Machine: {known['cores']} cores, {known['memory_gigabytes']} GB of memory, Python {known['python']}; {versions}."


def _totals(run: Figures) -> str:
    lines = []
    for day in sorted({step["day"] for step in run["steps"]}):
        steps = [step for step in run["steps"] if step["day"] == day]
        ours = total([step for step in steps if step["step"] not in ("region", "departments")])
        made = total([step for step in steps if step["step"] in ("region", "departments")])
        cpu = ours["cpu_seconds"] + ours["database_cpu_seconds"]
        lines.append(f"Day {day}: the pipeline works {ours['seconds']:,.0f} s (CPU {cpu:,.0f} s with the database; the mock departments take "
                     f"{ours['departments_cpu_seconds']:,.0f} s CPU of their own meanwhile), imports cost {ours['import_seconds']:,.0f} s more; "
                     f"making the region and starting the departments {made['seconds']:,.0f} s. "
                     f"Memory at one moment at most {max(step['all_megabytes'] for step in steps):,.0f} MB.")
    return "  \n".join(lines)


def _table(run: Figures) -> str:
    head = ("| day | step | source | seconds | CPU s | database CPU s | departments CPU s | records | records/s | peak MB | all MB |\n"
            "|---:|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n")
    return head + "\n".join(_row(step) for step in run["steps"])


def _row(step: Figures) -> str:
    rate = f"{step['records'] / step['seconds']:,.0f}" if step["records"] and step["seconds"] else ""
    cells = (step["day"], step["step"], step["source"], f"{step['seconds']:,.1f}", f"{step['cpu_seconds']:,.1f}", f"{step['database_cpu_seconds']:,.1f}",
             f"{step['departments_cpu_seconds']:,.1f}", f"{step['records']:,}" if step["records"] else "", rate, f"{step['peak_megabytes']:,.0f}",
             f"{step['all_megabytes']:,.0f}")
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _growth(small: Figures, large: Figures) -> str:
    head = "| day | step | source | seconds before | seconds after | exponent of time | of CPU | of memory |\n|---:|---|---|---:|---:|---:|---:|---:|\n"
    return head + "\n".join(f"| {one['day']} | {one['step']} | {one['source']} | {one['small']:,.1f} | {one['large']:,.1f} | {one['exponent']:.2f} | "
                            f"{one['cpu_exponent']:.2f} | {one['memory_exponent']:.2f} |" for one in growth(small, large))


if __name__ == "__main__":
    write(Path(sys.argv[1]), [json.loads(Path(name).read_text("utf-8")) for name in sys.argv[2:]])
