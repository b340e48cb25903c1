"""What a person holds or lets go: deliveries a gate held, records sealed after an adoption."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from commands.shared import Json, app, out, show, warehouse


@app.command()
def release(delivery: Annotated[str, typer.Argument(help="A delivery that a gate held.")],
            by: Annotated[str, typer.Option(help="Who decides.")], reason: Annotated[str, typer.Option(help="Why.")],
            rekeyed: Annotated[bool, typer.Option("--rekeyed", help="The keys were given to other children; without it: the same children, corrected.")] = False,
            as_json: Json = False) -> None:
    """Load a held delivery as it is (one held for its keys: with what waits beside it), where a person may overrule the gate."""
    from pipeline import held as step
    with warehouse():
        show(step.release(delivery, by=by, reason=reason, is_renumbered=rekeyed), as_json)


@app.command(name="return")
def give_back(delivery: Annotated[str, typer.Argument(help="A delivery that is held.")],
              by: Annotated[str, typer.Option(help="Who decides.")], reason: Annotated[str, typer.Option(help="Why.")], as_json: Json = False) -> None:
    """Keep a held delivery out for good: the sender is to send anew."""
    from pipeline import held as step
    with warehouse():
        show(step.give_back(delivery, by=by, reason=reason), as_json)


@app.command()
def seal(records: Annotated[list[int], typer.Argument(help="Numbers of source records.")],
         ground: Annotated[str, typer.Option(help="The decision this rests on; only the officer reads it.")],
         by: Annotated[str, typer.Option(help="Who seals.")],
         successor: Annotated[int | None, typer.Option(help="The record that goes on for them.")] = None,
         split: Annotated[bool, typer.Option("--split", help="What the records say now belongs to the time after: it goes on under new records.")] = False,
         as_json: Json = False) -> None:
    """Hide records of the time before an adoption from everybody but the officer."""
    from warehouse import seal as step
    with warehouse():
        show({"sealed": step.seal(records, ground=ground, by=by, successor=successor, is_split=split)}, as_json)


@app.command()
def unseal(records: Annotated[list[int], typer.Argument(help="Numbers of sealed records.")],
           by: Annotated[str, typer.Option(help="Who unseals.")], as_json: Json = False) -> None:
    """Let sealed records be seen and linked again."""
    from warehouse import seal as step
    with warehouse():
        show({"unsealed": step.unseal(records, by=by)}, as_json)


@app.command()
def seals(by: Annotated[str, typer.Option(help="Who looks.")]) -> None:
    """List what is sealed; the look is written down."""
    from warehouse import seal as step
    with warehouse():
        out.print_json(json.dumps(step.seals(by=by), ensure_ascii=False, default=str))
