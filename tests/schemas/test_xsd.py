"""Our XSDs: each compiles, and where the published ones are at hand, both judge every document alike."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from connectors import zags_births, zags_deaths, zags_name_changes, zags_paternity
from connectors.xml_rows import Node
from tests.schemas.xsd_instances import XS, Drawer

OURS = Path(__file__).resolve().parents[2] / "schemas" / "xsd"
PUBLISHED = Path(os.environ.get("KONTINGENT_OFFICIAL_XSD", Path(__file__).resolve().parents[3] / "shared" / "domain" / "official-xsd"))
PAIRS = {
    "zags_births/rogdinf.xsd": "zags/rogdinf-4.0.1/zags-rogdinf-ru-root.xsd",
    "zags_name_changes/pernameinf.xsd": "zags/pernameinf-4.0.0/zags-pernameinf-ru-root.xsd",
    "zags_paternity/parentinf.xsd": "zags/parentinf-4.0.0/zags-parentinf-ru-root.xsd",
    "zags_deaths/fatalinf.xsd": "zags/fatalinf-4.0.1/zags-fatalinf-ru-root.xsd",
    "fms_residence/living-place-registration-1.1.0.xsd": "mvd/guvm-living-place-registration-1.1.0.xsd",
    "fms_residence/basic-types-1.2.0.xsd": "mvd/guvm-basic-types-1.2.0.xsd",
    "smev/commons-1.0.1.xsd": "commons/smev-supplementary-commons-1.0.1.xsd",
    "smev/types-1.3.xsd": "smev/smev-message-exchange-types-1.3.xsd",
    "smev/faults-1.3.xsd": "smev/smev-message-exchange-faults-1.3.xsd",
    "smev/routing-1.3.xsd": "smev/smev-message-exchange-routing-1.3.xsd",
    "smev/directive-1.3.xsd": "smev/smev-message-exchange-directive-1.3.xsd",
}
CHAMELEONS = {"zags/common.xsd", *(f"{folder.name}/record.xsd" for folder in OURS.glob("zags_*"))}
BASIC = "{urn://x-artefacts-smev-gov-ru/services/message-exchange/types/basic/1.3}"


@cache
def compiled(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(path))


@pytest.mark.parametrize("name", sorted(str(path.relative_to(OURS)) for path in OURS.rglob("*.xsd")))
def test_each_schema_compiles_alone(name: str) -> None:
    if name not in CHAMELEONS:
        assert compiled(OURS / name) is not None


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published schemas are not at hand")
@pytest.mark.parametrize(("ours", "theirs"), PAIRS.items(), ids=PAIRS.keys())
def test_both_schemas_judge_every_document_alike(ours: str, theirs: str) -> None:
    mine, published = compiled(OURS / ours), compiled(PUBLISHED / theirs)
    verdicts: Counter[bool] = Counter()

    @settings(max_examples=60, deadline=None, database=None)
    @given(st.integers(0, 2**32), st.booleans())
    def judged_alike(seed: int, is_struck: bool) -> None:
        drawer = Drawer(PUBLISHED / theirs, seed)
        root = drawer.roots[seed % len(drawer.roots)]
        document = drawer.struck(root) if is_struck else drawer.document(root)
        _without_contents(document)
        verdict = published.validate(document)
        verdicts[verdict] += 1
        assert mine.validate(document) == verdict, etree.tostring(document, encoding="unicode") + str(mine.error_log) + str(published.error_log)

    judged_alike()
    assert verdicts[True] > 0
    assert verdicts[False] > 0


def _without_contents(document: etree._Element) -> None:
    """The one difference we mean: an attachment's content may be xop:Include, so its base64 is not judged."""
    for content in list(document.iter(f"{BASIC}Content")):
        content.text = "c3R1Yg=="
        for child in list(content):
            content.remove(child)


@pytest.mark.parametrize("kind", [zags_births.KIND, zags_name_changes.KIND, zags_paternity.KIND, zags_deaths.KIND], ids=lambda kind: kind.folder)
def test_every_element_of_a_record_is_mapped_or_ignored_on_purpose(kind: zags_births.zags.Kind) -> None:
    """Maps and XSDs are two lists of the same names: neither has one the other lacks."""
    for tag, node in kind.nodes.items():
        declared = set(_declared(OURS / kind.folder / "record.xsd"))
        assert set(_mapped(node)) <= declared | set(_declared(OURS / kind.folder / "types.xsd")) | set(_declared(OURS / "zags" / "common.xsd"))
        assert declared <= set(_mapped(node)) | _BELOW_IGNORED, tag


_BELOW_IGNORED = {"СвПричСмертМКБ", "СвПричСмертПроизв", "КодПричСмертПроизв", "ПрКодПричСмертПроизв"}


def _declared(path: Path) -> Iterator[str]:
    return (element.get("name", "") for element in etree.parse(path).iter(f"{XS}element"))


def _mapped(node: Node) -> Iterator[str]:
    for tag, target in node.children.items():
        yield etree.QName(tag).localname
        if isinstance(target, Node):
            yield from _mapped(target)
