"""Comparing records pair by pair: how far names, birth date and sex agree, and whether they contradict."""

from __future__ import annotations

from transforms.engine import Engine


def speak(engine: Engine, members: str) -> None:
    """Relation `speaker`: the records that a query (column n) names, with the comparable forms of their names."""
    engine.make("member", members)
    engine.run("speaker")


def compare(engine: Engine, pairs: str, into: str) -> None:
    """Run `comparison` over a relation of pairs (a, b); `speaker` holds their records afterwards."""
    engine.make("pair", f'SELECT a, b FROM "{pairs}"')  # noqa: S608
    speak(engine, "SELECT a AS n FROM pair UNION SELECT b FROM pair")
    engine.run_into(into, "comparison")
    engine.forget("pair", "member")
