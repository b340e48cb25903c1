"""One name everywhere: each source of the catalogue has its connector, its transform, its tests; declarations hold together."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from connectors.sources import BY_NAME, SOURCES, Source
from schemas.fields import FIELDS
from schemas.tables import STAGING

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_source_has_its_connector_its_transform_and_its_tests(source: Source) -> None:
    connector = importlib.import_module(f"connectors.{source.name}")
    assert callable(connector.fetch)
    assert callable(connector.read)
    assert callable(importlib.import_module(f"transforms.{source.name}").clean)
    for room in ("connectors", "transforms"):
        assert (ROOT / "tests" / room / f"test_{source.name}.py").exists(), room


@pytest.mark.parametrize("source", [source for source in SOURCES if source.wire == "smev"], ids=lambda source: source.name)
def test_a_source_of_xml_has_its_schemas(source: Source) -> None:
    assert list((ROOT / "schemas" / "xsd" / source.name).rglob("*.xsd"))


def test_a_source_runs_either_by_the_clock_or_after_others() -> None:
    for source in SOURCES:
        assert bool(source.schedule) != bool(source.after), source.name


def test_sources_wait_only_for_sources_and_believe_only_declared_fields() -> None:
    for source in SOURCES:
        assert set(source.after) <= BY_NAME.keys()
        assert set(source.entities) <= STAGING.keys()
        assert set(source.authority) <= FIELDS.keys()


def test_every_column_is_declared_and_every_declared_field_is_used() -> None:
    used = {column for table in STAGING.values() for column in table.columns}
    assert used <= FIELDS.keys()
    assert FIELDS.keys() - used <= {"source", "record_id", "delivery_id", "version_from", "version_to", "pupil_id"}


def test_every_personal_field_says_why_it_is_held_and_on_what_ground() -> None:
    for name, field in FIELDS.items():
        assert field.title, name
        if field.sensitivity in ("direct", "quasi"):
            assert field.purpose != FIELDS["source"].purpose, name
            assert field.ground != FIELDS["source"].ground, name


def test_the_lock_file_has_hashes_and_names_no_host() -> None:
    for name in ("requirements.lock", "requirements-installer.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"https?://|--index|--find-links", text)
        assert text.count("--hash=sha256:") >= text.count("==")


def test_airflow_cfg_gives_a_reason_for_each_line_and_holds_no_secret() -> None:
    lines = (ROOT / "airflow.cfg").read_text("utf-8").splitlines()
    previous = ""
    for line in lines:
        if "=" in line and not line.startswith("#"):
            assert previous.startswith("#") or "=" in previous, line
            assert not re.search(r"(secret|fernet|password)[a-z_]*\s*=\s*[A-Za-z0-9+/_-]{20,}=*$", line), line
        previous = line
