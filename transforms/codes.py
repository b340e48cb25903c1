"""The code lists of `schemas/codes`, read once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from schemas.errors import ConfigurationError

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "codes"


@cache
def table(name: str) -> pd.DataFrame:
    """One code list as text; ConfigurationError if the project has no such list."""
    path = FOLDER / f"{name}.csv"
    if not path.exists():
        raise ConfigurationError("codes.missing", f"no code list {name}.csv")
    return pd.read_csv(path, dtype="str", keep_default_na=False)


@cache
def allowed(name: str) -> frozenset[str]:
    """The codes of a list: its `code` column, or its first where it has none of that name."""
    codes = table(name)
    return frozenset(codes["code"] if "code" in codes.columns else codes.iloc[:, 0])


@cache
def lookup(name: str) -> dict[str, str]:
    """Upper-case code, name or alias (aliases separated by `|`, ё as е) → code."""
    codes = table(name)
    spelled: dict[str, str] = {}
    for column in ("aliases", "name", "code"):
        if column in codes.columns:
            pairs = codes[["code"]].assign(spelling=codes[column].str.split("|")).explode("spelling")
            spelling = pairs["spelling"].str.strip().str.upper().str.replace("Ё", "Е")
            spelled |= dict(zip(spelling, pairs["code"], strict=True))
    spelled.pop("", None)
    return spelled
