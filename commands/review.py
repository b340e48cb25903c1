"""Clerical review at the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.shared import By, Json, app, out, person, show, warehouse

review_app = typer.Typer(no_args_is_help=True, help="Decide the pairs of records that linking doubts.")
app.add_typer(review_app, name="review")
Role = Annotated[str, typer.Option("--role", help="steward: both records in full, the look is recorded; auditor: which fields agree.")]


@review_app.command("list")
def review_list(by: By = None, everything: Annotated[bool, typer.Option("--all", help="Also cases that need another person's word.")] = False,
                as_json: Json = False) -> None:
    """List the open cases: keys, reasons, proposals; nothing of a person."""
    from services import review as terminal
    with warehouse():
        terminal.listed(None if everything else by or person(), out, as_json=as_json)


@review_app.command("show")
def reviewshow(case: Annotated[str, typer.Argument(help="A case of the list, like 17-42.")], by: By = None, role: Role = "steward") -> None:
    """Show both records of a case side by side, with reasons and evidence."""
    from services import review as terminal
    with warehouse():
        terminal.shown(case, role, by or person(), out)


@review_app.command("decide")
def review_decide(case: Annotated[str, typer.Argument(help="A case of the list, like 17-42.")],
                  opinion: Annotated[str, typer.Argument(help="same, different or unsure.")],
                  reason: Annotated[str, typer.Option("--reason", help="Why; no names, no numbers of documents.")], by: By = None,
                  again: Annotated[bool, typer.Option("--again", help="Take back what was decided.")] = False, as_json: Json = False) -> None:
    """Give an opinion on a case; the next linking obeys what comes into force."""
    from pipeline import review as step
    with warehouse():
        show(step.decide(case, opinion, reason, by or person(), again=again), as_json)


@review_app.command("next")
def review_next(by: By = None) -> None:
    """Go through the open cases one by one at the terminal."""
    from services import review as terminal
    with warehouse():
        terminal.one_by_one(by or person(), out)
