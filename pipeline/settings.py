"""What one installation is told from outside: folders, endpoints, the business date."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from schemas.errors import ConfigurationError

ROOT = Path(__file__).resolve().parent.parent
REGION_ZONE = ZoneInfo("Asia/Irkutsk")


@dataclass(frozen=True)
class Settings:
    """Folders below `var`, and the endpoints file that `make run` (or an engineer) writes there."""

    var: Path

    @property
    def landing(self) -> Path:
        return self.var / "landing"

    @property
    def staging(self) -> Path:
        return self.var / "staging"

    @property
    def questions(self) -> Path:
        return self.var / "questions"

    @property
    def portal(self) -> Path:
        return self.var / "portal"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    @property
    def known_persons(self) -> Path | None:
        """`known_persons` of the endpoints file, where it names one: records whose persons are known, to measure linking with."""
        path = self.var / "endpoints.json"
        told = self.endpoints.get("known_persons") if path.exists() else None
        return Path(told) if told and Path(told).exists() else None

    @cached_property
    def endpoints(self) -> dict[str, Any]:
        """`smev`, `scos`: URLs; `drop`: folder; `credentials`: JSON file {organisation_key: {login, password}}."""
        path = self.var / "endpoints.json"
        try:
            return dict(json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            raise ConfigurationError("endpoints.missing", f"{path} does not exist: `make run` writes it; docs/operations.md says what stands in it") from None
        except json.JSONDecodeError:
            raise ConfigurationError("endpoints.not_json", f"{path} is not JSON") from None

    @property
    def today(self) -> date:
        """KONTINGENT_TODAY, or the day it is in the republic."""
        told = os.environ.get("KONTINGENT_TODAY")
        if not told:
            return datetime.now(REGION_ZONE).date()
        try:
            return date.fromisoformat(told)
        except ValueError:
            raise ConfigurationError("today.not_a_date", "KONTINGENT_TODAY must be a date like 2025-10-24") from None

    @property
    def second_opinions(self) -> float:
        """KONTINGENT_SECOND_OPINIONS: the share (0..1) of disputed pairs that two persons must decide; given in percent, 5 when unset."""
        told = os.environ.get("KONTINGENT_SECOND_OPINIONS", "5")
        if not re.fullmatch(r"\d{1,3}(\.\d+)?", told) or float(told) > 100:
            raise ConfigurationError("second_opinions.not_a_percentage", "KONTINGENT_SECOND_OPINIONS must be a number from 0 to 100")
        return float(told) / 100


def settings() -> Settings:
    """KONTINGENT_VAR, or `var` beside the code."""
    return Settings(Path(os.environ.get("KONTINGENT_VAR", ROOT / "var")).resolve())


def now() -> str:
    """The wall clock at the door, ISO 8601 with the republic's offset."""
    return datetime.now(REGION_ZONE).isoformat(timespec="microseconds")
