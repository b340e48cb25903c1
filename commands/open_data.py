"""Open data: a release that cannot be reckoned back, and the audit of releases by anybody."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from commands.shared import By, Json, app, out, person, show, warehouse


@app.command(name="open-data")
def open_data(folders: Annotated[list[Path] | None, typer.Argument(help="With --audit: releases, or folders of releases.")] = None,
              version: Annotated[int | None, typer.Option(help="A past version; the published one when not given.")] = None,
              to: Annotated[Path | None, typer.Option(help="Folder of releases: earlier ones are compared with; in the run-time folder when not given.")] = None,
              audit: Annotated[bool, typer.Option("--audit", help="Audit releases from their files alone; no warehouse is needed.")] = False,
              ground: Annotated[str, typer.Option(help="What the release rests on; it is written down.")] = "решение о публикации",
              by: By = None, as_json: Json = False) -> None:
    """Build the open-data release and audit it with all earlier ones: `open-data`; audit releases: `open-data --audit FOLDER…`."""
    from pipeline import open_data as step
    if audit != bool(folders):
        raise typer.BadParameter("--audit and folders go together: kontingent open-data --audit var/releases")
    if folders:
        _audited(step.audit(folders), as_json)
        return
    with warehouse():
        show(asdict(step.release(version=version, to=to, by=by or person(), ground=ground)), as_json)


def _audited(found: dict[str, tuple[list[str], float | None]], as_json: bool) -> None:
    """What was found, exit status 1 if anything was."""
    if as_json:
        show({name: {"findings": findings, "narrowest": narrowest} for name, (findings, narrowest) in found.items()}, as_json)
    else:
        for name, (findings, narrowest) in found.items():
            out.print(f"{name:<28}{'проверка пройдена' if not findings else f'найдено: {len(findings)}'}"
                      f"{'' if narrowest is None else f'; наименьшая ширина интервала {narrowest:.0f}'}", markup=False)
            for line in findings:
                out.print(f"  {line}", markup=False)
    if any(findings for findings, _ in found.values()):
        raise typer.Exit(1)
