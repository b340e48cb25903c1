"""Writes all pages on checks of one version into a folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from warehouse.portal.validation import delivery, fields, overview, rule, run, search, source
from warehouse.portal.validation.catalogue import Known, catalogue
from warehouse.portal.validation.files import Writer
from warehouse.portal.validation.findings import Finding, Tally, findings, tallies
from warehouse.portal.validation.ledger import Ledger, by, details, read
from warehouse.portal.validation.words import RUN_PAGES

FOLDER = "checks"
Fired = defaultdict[str, list[tuple[Any, int]]]


def write(connection: Connection, folder: Path, *, version: int, as_of: date, site: tuple[tuple[str, str], ...]) -> None:
    """Make `folder/checks` with an HTML and a JSON file a page; the same version and date give the same bytes."""
    ledger = read(connection, version=version, as_of=as_of)
    rules = catalogue(ledger)
    writer = Writer(folder / FOLDER, version=version, as_of=as_of, site=site)
    found = findings(ledger, rules)
    checked = tallies(ledger, found)
    writer.write(overview.page(ledger, found, checked))
    fired = _deliveries(writer, connection, ledger, rules)
    _rules(writer, ledger, rules, found, fired)
    _sources(writer, ledger, found, checked)
    golden = fields.pages(ledger)
    for page in golden:
        writer.write(page)
    _runs(writer, ledger, found)
    writer.write(search.page(ledger, rules, [page.key["field"] for page in golden if page.key]))


def _deliveries(writer: Writer, connection: Connection, ledger: Ledger, rules: Mapping[str, Known]) -> Fired:
    """Write the pages of deliveries; returns by rule where it fired."""
    lives: defaultdict[Any, list[Any]] = defaultdict(list)
    rows = {row.delivery_id: row for row in ledger.deliveries}
    for row in ledger.deliveries:
        if row.replay_of:
            lives[row.replay_of].append(row)
            lives[row.delivery_id] += [rows[row.replay_of]] if row.replay_of in rows else []
    fired: Fired = defaultdict(list)
    for row, more in details(connection, ledger):
        writer.write(delivery.page(ledger, rules, row, more, lives[row.delivery_id]))
        for name, count in delivery.fired(row, more).items():
            fired[name].append((row, count))
    return fired


def _rules(writer: Writer, ledger: Ledger, rules: Mapping[str, Known], found: list[Finding], fired: Fired) -> None:
    by_rule: defaultdict[str, list[Finding]] = defaultdict(list)
    for one in found:
        by_rule[one.rule.id].append(one)
    totals = {row.rule: row for row in ledger.rule_total}
    writer.write(rule.index(ledger, rules, by_rule, totals))
    for known in rules.values():
        writer.write(rule.page(ledger, known, by_rule.get(known.id, []), totals.get(known.id), fired[known.id]))


def _sources(writer: Writer, ledger: Ledger, found: list[Finding], checked: list[Tally]) -> None:
    came, deliveries, silent = (by(rows, lambda row: row.source) for rows in (ledger.day_source, ledger.deliveries, ledger.silent))
    checks = by(checked, lambda row: row.source)
    by_source: defaultdict[str, list[Finding]] = defaultdict(list)
    for one in found:
        by_source[one.source].append(one)
    for name in ledger.sources:
        writer.write(source.page(ledger, name, by_source[name], came[name], checks[name], deliveries[name], silent[name]))


def _runs(writer: Writer, ledger: Ledger, found: list[Finding]) -> None:
    by_day: defaultdict[date, list[Finding]] = defaultdict(list)
    for one in found:
        by_day[one.as_of].append(one)
    came = by(ledger.day_source, lambda row: row.as_of)
    steps = {name: fields.by_version(rows) for name, rows in by(ledger.disagreement_change, lambda row: row.field).items()}
    for as_of in ledger.days[-RUN_PAGES:]:
        writer.write(run.page(run.Comparison(ledger, by_day, came, as_of), steps))
