"""Pools of names: Russian by frequency of a public package, Buryat and foreign ones invented here (synthetic)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import russiannames

from connectors.mocks.region.chance import Array, pick

_DATA = Path(__file__).parent / "data"
_SUPPLIED = Path(russiannames.__file__).parent / "data"
_SOFT = "жшщчц"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one data file of the region."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _pool(values: list[str], weights: list[float]) -> tuple[Array, Array]:
    return np.array(values, dtype=object), np.array(weights, dtype=float)


@cache
def given(custom: str, sex: str) -> tuple[Array, Array]:
    """Given names of children and their weights, by custom (russian, buryat) and sex."""
    chosen = [r for r in rows("given_name") if r["custom"] == custom and r["sex"] == sex]
    return _pool([r["name"] for r in chosen], [float(r["weight"]) for r in chosen])


@cache
def adult(sex: str) -> tuple[Array, Array]:
    """Russian given names of adults by frequency."""
    found = duckdb.execute("SELECT text, count FROM read_parquet($1) WHERE gender = $2 AND 'slav' IN ethnic AND length(text) > 3 "
                       "ORDER BY count DESC, text LIMIT 45", [str(_SUPPLIED / "names.parquet"), sex.lower()]).fetchall()
    return _pool([r[0] for r in found], [r[1] for r in found])


@cache
def surnames(custom: str) -> tuple[Array, Array]:
    """Surnames, masculine form, and weights."""
    if custom == "buryat":
        return _pool([r["name"] for r in rows("buryat_surname")], [float(r["weight"]) for r in rows("buryat_surname")])
    found = duckdb.execute("SELECT text, CASE gender WHEN 'm' THEN count ELSE count // 4 END AS weight FROM read_parquet($1) WHERE gender IN ('m', 'u') "
                       "AND (f_form IS NOT NULL OR text LIKE '%ко') "
                       "AND regexp_matches(text, '^[А-ЯЁ][а-яё]{3,}(ов|ев|ёв|ин|ын|ский|цкий|ко)$') ORDER BY weight DESC, text LIMIT 3000",
                       [str(_SUPPLIED / "surnames.parquet")]).fetchall()
    return _pool([r[0] for r in found], [r[1] for r in found])


@cache
def _feminine_forms() -> dict[str, str]:
    every = np.concatenate([surnames("russian")[0], surnames("buryat")[0]])
    return {name: _feminine(name) for name in every}


def _feminine(name: str) -> str:
    if name.endswith(("ский", "цкий")):
        return name[:-2] + "ая"
    return name + "а" if name.endswith(("ов", "ев", "ёв", "ин", "ын")) else name


def by_sex(names: Array, sex: Array) -> Array:
    """Masculine surnames brought to the form of each bearer's sex."""
    forms = _feminine_forms()
    return np.array([forms.get(n) or _feminine(n) if s == "F" else n for n, s in zip(names, sex, strict=True)], dtype=object)


def _patronymic(name: str, sex: str) -> str:
    end = "овна" if sex == "F" else "ович"
    soft = "евна" if sex == "F" else "евич"
    if name.endswith(("а", "я", "о", "и", "у", "э", "е", "ы")):
        return name + soft
    return (name[:-1] if name[-1] in "йь" else name) + (soft if name[-1] in _SOFT + "йь" else end)


@cache
def _patronymics(sex: str) -> dict[str, str]:
    found = duckdb.execute("SELECT fname, arg_max(text, count) FROM read_parquet($1) WHERE gender = $2 AND fname IS NOT NULL GROUP BY fname ORDER BY fname",
                       [str(_SUPPLIED / "midnames.parquet"), sex.lower()]).fetchall()
    return {father: text for father, text in found}


def patronymics(fathers: Array, sex: Array) -> Array:
    """The patronymic each father's given name makes for a child of that sex."""
    known = {s: _patronymics(s) for s in ("M", "F")}
    buryat = set(given("buryat", "M")[0]) - set(adult("M")[0])
    return np.array([_patronymic(f, s) if f in buryat else known[s].get(f) or _patronymic(f, s)
                     for f, s in zip(fathers, sex, strict=True)], dtype=object)


def draw_given(rng: np.random.Generator, sex: Array, is_buryat: Array, buryat_share: float) -> Array:
    """A given name for each child; of Buryat families only a share takes a Buryat one."""
    takes = is_buryat & (rng.random(len(sex)) < buryat_share)
    result = np.empty(len(sex), dtype=object)
    for letter in ("M", "F"):
        for custom, mask in (("buryat", takes & (sex == letter)), ("russian", ~takes & (sex == letter))):
            result[mask] = pick(rng, *given(custom, letter), int(mask.sum()))
    return result


def draw_adult(rng: np.random.Generator, sex: str, is_buryat: Array) -> Array:
    """A given name for each parent."""
    takes = is_buryat & (rng.random(len(is_buryat)) < 0.6)
    result = pick(rng, *adult(sex), len(is_buryat))
    result[takes] = pick(rng, *given("buryat", sex), int(takes.sum()))
    return result


def draw_surname(rng: np.random.Generator, is_buryat: Array) -> Array:
    """A masculine surname for each family."""
    result = pick(rng, *surnames("russian"), len(is_buryat))
    mask = is_buryat & (rng.random(len(is_buryat)) < 0.95)
    result[mask] = pick(rng, *surnames("buryat"), int(mask.sum()))
    return result
