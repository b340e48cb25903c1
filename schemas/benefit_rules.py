"""The fixed words of benefit rules, and how a rule in `schemas/benefits/<benefit>.yaml` is read.

A rule has versions, each with days of validity, its `scope` (who is asked about at all), its `evidence` (what must be shown), an optional `amount` in
per cent by a number, and a `ground` that is printed only when marked `confirmed`. A condition names one word of EVIDENCE and may bound its number
(`minimum`, `maximum`) or name its `codes`; `otherwise: document` asks for a paper where the register says something else. `any_of` needs one of several.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import yaml

from schemas.errors import ConfigurationError

FOLDER = Path(__file__).parent / "benefits"
STANDINGS = {"in_force": "действует", "regional": "решает республика, акт не подтверждён", "project": "проект",
             "no_source": "подтверждений не присылает ни один источник"}
ONE_OF = "one_of"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One thing a register may say of a child: its title, the paper it makes needless, and what silence means."""

    title: str
    paper: str | None = None
    silence: Literal["no", "document"] = "document"
    """no: the register is complete, so silence is a no · document: silence means that a paper is needed."""
    has_source: bool = True


EVIDENCE: dict[str, Evidence] = {
    "grade": Evidence(title="зачисление и класс по журналу школы", silence="no"),
    "kindergarten": Evidence(title="зачисление в детский сад", paper="справка из детского сада", silence="no"),
    "school_municipality": Evidence(title="район школы", silence="no"),
    "school_entry": Evidence(title="возраст поступления в первый класс", silence="no"),
    "birth_act": Evidence(title="запись акта о рождении", paper="свидетельство о рождении"),
    "birth_order": Evidence(title="каким по счёту родился у матери", paper="свидетельства о рождении всех детей матери"),
    "minor_children": Evidence(title="число несовершеннолетних детей матери", paper="удостоверение многодетной семьи"),
    "sibling_school": Evidence(title="брат или сестра учится в школе", paper="документы о родстве с учеником школы"),
    "residence": Evidence(title="регистрация в республике", paper="справка о регистрации"),
    "citizenship": Evidence(title="гражданство", paper="документ о гражданстве"),
    "snils": Evidence(title="СНИЛС, подтверждённый СФР", paper="СНИЛС"),
    "special_needs": Evidence(title="ОВЗ: заключение ПМПК", paper="заключение ПМПК", has_source=False),
    "disability": Evidence(title="инвалидность", paper="справка МСЭ", has_source=False),
    "low_income": Evidence(title="доход семьи ниже прожиточного минимума", paper="справка о доходах семьи", has_source=False),
    "guardianship": Evidence(title="опека или попечительство", paper="акт об опеке", has_source=False),
    "refugee": Evidence(title="статус беженца", paper="удостоверение беженца", has_source=False),
    "military_family": Evidence(title="семья участника СВО", paper="справка об участии в СВО", has_source=False),
}
"""The only words a rule may use."""
ONE_OF_TITLE = "одна из категорий семьи"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition of a rule; those of one `place` are alternatives."""

    place: int
    evidence: str
    is_scope: bool
    minimum: int | None
    maximum: int | None
    codes: list[str] | None
    otherwise: str
    """What a different word of the register means: no, or document."""
    silence: str
    has_paper: bool


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One version of one benefit."""

    benefit: str
    title: str
    kind: str
    version: int
    valid_from: date | None
    valid_to: date | None
    standing: str
    conditions: tuple[Condition, ...]
    amount_evidence: str | None
    amount_steps: tuple[dict[str, int], ...]
    ground: str
    is_ground_confirmed: bool
    note: str

    @property
    def printed_ground(self) -> str:
        """The ground where its text was read, else a dash."""
        return self.ground if self.is_ground_confirmed else "–"

    @property
    def attributes(self) -> dict[str, Any]:
        """What the warehouse keeps of it, for JSON."""
        kept = {"version": self.version, "valid_from": self.valid_from and self.valid_from.isoformat(), "kind": self.kind, "title": self.title,
                "valid_to": self.valid_to and self.valid_to.isoformat(), "standing": self.standing, "amount_evidence": self.amount_evidence}
        return kept | {"conditions": [asdict(one) for one in self.conditions], "amount_steps": list(self.amount_steps)}


def read(folder: Path = FOLDER) -> list[Rule]:
    """Every version of every rule, by benefit and version; ConfigurationError names the file and what is wrong in it."""
    return [rule for file in sorted(folder.glob("*.yaml")) for rule in parse(file.name, file.read_text("utf-8"))]


def parse(name: str, content: str) -> list[Rule]:
    """The versions of one rule out of the text of its file; days of two versions never meet."""
    try:
        raw = yaml.safe_load(content)
        rules = [_rule(raw, version) for version in raw["versions"]]
    except yaml.YAMLError:
        raise ConfigurationError("benefit.not_yaml", f"{name} is not YAML") from None
    except KeyError as error:
        raise ConfigurationError("benefit.broken", f"{name}: {error.args[0]} is missing or not a word of the vocabulary") from None
    except (TypeError, AttributeError, ValueError) as error:
        raise ConfigurationError("benefit.broken", f"{name}: {error}") from None
    ordered = sorted(rules, key=lambda rule: rule.valid_from or date.min)
    for one, next_one in pairwise(ordered):
        if one.valid_to is None or next_one.valid_from is None or one.valid_to > next_one.valid_from:
            raise ConfigurationError("benefit.overlap", f"{name}: versions {one.version} and {next_one.version} hold on the same days")
    return rules


def _rule(raw: dict[str, Any], version: dict[str, Any]) -> Rule:
    amount = version.get("amount") or {"evidence": None, "steps": []}
    if version["standing"] not in STANDINGS:
        raise ValueError(f"standing is one of {', '.join(STANDINGS)}")
    if version["ground"]["mark"] not in ("confirmed", "unconfirmed"):
        raise ValueError("mark of the ground is confirmed or unconfirmed")
    if not version["scope"]:
        raise ValueError("scope names who is asked about: it cannot be empty")
    places = [(True, one) for one in version["scope"]] + [(False, one) for one in version["evidence"]]
    conditions = tuple(_condition(place, one, is_scope=is_scope) for place, (is_scope, raw_one) in enumerate(places) for one in _alternatives(raw_one))
    return Rule(
        benefit=raw["benefit"], title=raw["title"], kind=raw["kind"], version=int(version["version"]), valid_from=version["valid_from"],
        valid_to=version["valid_to"], standing=version["standing"], conditions=conditions, amount_evidence=amount["evidence"],
        amount_steps=tuple(amount["steps"]), ground=version["ground"]["text"], is_ground_confirmed=version["ground"]["mark"] == "confirmed",
        note=version["note"])


def _alternatives(raw: dict[str, Any]) -> list[dict[str, Any]]:
    return list(raw["any_of"]) if "any_of" in raw else [raw]


def _condition(place: int, raw: dict[str, Any], *, is_scope: bool) -> Condition:
    if unknown := raw.keys() - {"evidence", "minimum", "maximum", "codes", "otherwise"}:
        raise ValueError(f"a condition has no {', '.join(sorted(unknown))}")
    word, otherwise = EVIDENCE[raw["evidence"]], raw.get("otherwise", "no")
    if otherwise not in ("no", "document") or (is_scope and word.silence == "document"):
        raise ValueError(f"{raw['evidence']}: otherwise is no or document; scope rests on complete registers only")
    return Condition(place=place, evidence=raw["evidence"], is_scope=is_scope, minimum=raw.get("minimum"), maximum=raw.get("maximum"),
                     codes=raw.get("codes"), otherwise=otherwise, silence=word.silence, has_paper=word.paper is not None)
