"""МВД: where a child is registered, by place of living and of staying; asked person by person, in bulk."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from itertools import islice
from typing import IO, Any
from xml.sax.saxutils import escape

import pandas as pd

from connectors.landing import Delivery, Landing
from connectors.rows import RawBatch, Reading, frame
from connectors.smev_answers import answers
from connectors.smev_outbox import Key
from connectors.smev_questions import Service, converse
from connectors.sources import Source
from connectors.target import Target
from connectors.xml_reader import namespace
from connectors.xml_rows import Node, Row, ignored, under
from connectors.xml_rows import Target as Place
from schemas.errors import ContractBroken

_FILES = {kind: f"fms_residence/{kind}-place-registration-1.1.0.xsd" for kind in ("living", "staying")}
_COMMONS = namespace("fms_residence/registration-commons-1.2.0.xsd")
_BASIC = namespace("fms_residence/basic-types-1.2.0.xsd")
_CERTIFICATE = r"(?P<series>[IVXLCDM]{1,10}-[А-Я]{2}) (?P<number>\d{6})"
_PASSPORT = {"21": ("russianPassport", r"(?P<series>\d{4})(?P<number>\d{6})"), "22": ("foreignPassport", r"(?P<series>\d{2})(?P<number>\d{7})")}
_ADDRESS = {"regionOktmo": "region_oktmo", "region": "region", "district": "district", "settlement": "settlement", "street": "street",
            "house": "house", "building": "building", "flat": "flat", "unstructuredAddress": "unstructured_address",
            "registrationDateFrom": "date_from"}
PERSON = ["position", "question_id", "asked_source", "asked_key"]
RESIDENCE = ["position", "question_id", "kind", *_ADDRESS.values(), "date_to"]
CITIZENSHIP = ["position", "question_id", "document"]
BATCH = 10_000


def fetch(source: Source, target: Target, landing: Landing) -> list[str]:
    """Ask both kinds for every question, land each answer with its questions."""
    services = [Service(kind, namespace(file), f"{kind}PlaceRegistrationResponse", _Ask(kind)) for kind, file in _FILES.items()]
    return converse(services, source, target, landing)


class _Ask:
    """Documents of one kind of registration, one a question; without a paper or a name МВД cannot be asked."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __call__(self, questions: pd.DataFrame) -> list[tuple[Key, bytes]]:
        known = questions.dropna(subset=["family_name", "given_name", "birth_date"]) if len(questions) else questions
        if known.empty:
            return []
        told = known.join(papers(known)).dropna(subset=["paper", "series", "number", "issued"]).astype("object")
        told = told.where(told.notna(), None)
        return [((row["question_id"], row["asked_source"], row["asked_key"], row["paper"]), self._document(row)) for row in told.to_dict("records")]

    def _document(self, row: Mapping[Hashable, Any]) -> bytes:
        root, own = f"{self._kind}PlaceRegistrationRequest", namespace(_FILES[self._kind])
        middle = f"<b:middleName>{escape(row['patronymic'])}</b:middleName>" if row["patronymic"] else ""
        return (f'<m:{root} xmlns:m="{own}" xmlns:c="{_COMMONS}" xmlns:b="{_BASIC}"><c:personInfo><b:lastName>{escape(row["family_name"])}</b:lastName>'
                f'<b:firstName>{escape(row["given_name"])}</b:firstName>{middle}<c:birthDate>{row["birth_date"][:10]}</c:birthDate></c:personInfo>'
                f'<c:document><c:{row["paper"]}><b:series>{row["series"]}</b:series><b:number>{row["number"]}</b:number>'
                f'<b:issueDate>{row["issued"][:10]}</b:issueDate></c:{row["paper"]}></c:document></m:{root}>').encode()


def papers(questions: pd.DataFrame) -> pd.DataFrame:
    """paper, series, number, issued of each question: the passport if there is one, else the certificate of birth."""
    certificate = questions["birth_certificate"].str.extract(f"^{_CERTIFICATE}$")
    found = certificate.assign(paper="birthCertificate", issued=questions["birth_certificate_date"])
    digits = questions["document"].str.replace(r"[\s\-]", "", regex=True)
    for kind, (paper, form) in _PASSPORT.items():
        passport = digits.str.extract(f"^{form}$").assign(paper=paper, issued=questions["document_date"])
        usable = (questions["document_kind"] == kind) & passport["series"].notna() & passport["issued"].notna()
        found = found.where(~usable, passport)
    return found


def read(delivery: Delivery, stream: IO[bytes]) -> Reading:
    """For each registration found: the person asked about, the residence, and the paper it was found by."""
    found = _found(delivery, stream)
    while batch := list(islice(found, BATCH)):
        yield RawBatch("person", frame([_only(row, PERSON) for row in batch], PERSON))
        yield RawBatch("residence", frame([_only(row, RESIDENCE) for row in batch], RESIDENCE))
        papers_seen = [_only(row, CITIZENSHIP) for row in batch if row["document"] != "foreignPassport"]
        if papers_seen:
            yield RawBatch("citizenship", frame(papers_seen, CITIZENSHIP))


def _found(delivery: Delivery, stream: IO[bytes]) -> Iterator[Row]:
    nodes = {kind: _node(kind) for kind in _FILES}
    for kind, key, position, answer in answers(delivery, stream, tuple(_FILES.values())):
        if answer.tag != f"{{{namespace(_FILES[kind])}}}{kind}PlaceRegistrationResponse":
            raise ContractBroken("xml.wrong_namespace", f"{position}: the answer is of another kind than the question")
        row = nodes[kind].row(answer)
        if row.get("date_from") is not None:
            yield {**row, "position": position, "kind": kind, "question_id": key[0], "asked_source": key[1], "asked_key": key[2], "document": key[3]}


def _node(kind: str) -> Node:
    own = namespace(_FILES[kind])
    address: dict[str, Place] = dict(_ADDRESS)
    registration = Node(under(_COMMONS, address) | under(own, {"registrationDateTo": "date_to"}))
    return Node(under(own, {"registrationInfo": registration} | ignored("notFoundRegistration")))


def _only(row: Row, columns: list[str]) -> Row:
    return {column: row.get(column) for column in columns}


def nodes() -> tuple[dict[str, Node], dict[str, Node]]:
    """The map of an answer by its tag; no answer holds another."""
    return {f"{{{namespace(file)}}}{kind}PlaceRegistrationResponse": _node(kind) for kind, file in _FILES.items()}, {}
