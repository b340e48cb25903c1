"""СФР: the СНИЛС of a child by name, birth and paper, and whether a known СНИЛС is the child's."""

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
from schemas.errors import ContractBroken

_FILES = {"number": "pfr_snils/snils-by-additionalData-1.0.1.xsd", "validation": "pfr_snils/snils-validation-1.0.1.xsd"}
_NUMBER, _VALIDATION = (namespace(file) for file in _FILES.values())
_ROOTS = {"number": f"{{{_NUMBER}}}SnilsByAdditionalDataResponse", "validation": f"{{{_VALIDATION}}}SnilsValidationResponse"}
_COMMONS = namespace("smev/commons-1.0.1.xsd")
_PFR = namespace("pfr_snils/common-1.0.0.xsd")
_NAME = r"[а-яА-ЯёЁ\-0-9][а-яА-ЯёЁ\-\s',.]{0,99}"
_NOT_ISSUER = r"[^а-яА-ЯёЁ0-9\-\s',.]"
_PAPERS = {"03": ("BirthCertificate", r"(?P<series>[IVXLCDM]{1,3}-[А-Я]{2}) (?P<number>\d{6})"),
           "21": ("PassportRF", r"(?P<series>\d{4}) ?(?P<number>\d{6})"),
           "10": ("ForeignPassport", r"(?:(?P<series>[0-9A-ZА-Я]{1,20}) )?(?P<number>[0-9A-ZА-Я]{1,25})")}
_DATA = {"FamilyName": "family_name", "FirstName": "given_name", "Patronymic": "patronymic"}
PERSON = ["position", "question_id", "account", "asked_source", "asked_key", "family_name", "given_name", "patronymic", "snils", "sex", "birth_date"]
VALIDATION = ["position", "question_id", "asked_source", "asked_key", "snils", "result"]
BATCH = 10_000


def fetch(source: Source, target: Target, landing: Landing) -> list[str]:
    """Ask for the number of everyone, and for the validity of the numbers we know; land each answer with its questions."""
    services = [Service("number", _NUMBER, "SnilsByAdditionalDataResponse", _by_data),
                Service("validation", _VALIDATION, "SnilsValidationResponse", _to_validate)]
    return converse(services, source, target, landing)


def _sayable(questions: pd.DataFrame) -> pd.DataFrame:
    """Questions whose names, birth date and sex the service accepts: Cyrillic only, nothing mandatory missing."""
    if questions.empty:
        return questions
    fits = questions["sex"].isin(["M", "F"]) & questions["birth_date"].notna()
    for column in ("family_name", "given_name"):
        fits &= questions[column].str.fullmatch(_NAME).fillna(False).astype(bool)
    fits &= questions["patronymic"].isna() | questions["patronymic"].str.fullmatch(_NAME).fillna(False).astype(bool)
    return questions[fits]


def _by_data(questions: pd.DataFrame) -> list[tuple[Key, bytes]]:
    sayable = _sayable(questions)
    if sayable.empty:
        return []
    told = sayable.join(papers(sayable)).dropna(subset=["paper", "number", "issued", "issuer"]).astype("object")
    told = told.where(told.notna(), None)
    return [((row["question_id"], row["asked_source"], row["asked_key"], ""), _number_document(row)) for row in told.to_dict("records")]


def _to_validate(questions: pd.DataFrame) -> list[tuple[Key, bytes]]:
    sayable = _sayable(questions)
    if sayable.empty:
        return []
    told = sayable[sayable["snils"].str.fullmatch(r"\d{11}").fillna(False).astype(bool)].astype("object")
    told = told.where(told.notna(), None)
    return [((row["question_id"], row["asked_source"], row["asked_key"], row["snils"]), _validation_document(row)) for row in told.to_dict("records")]


def papers(questions: pd.DataFrame) -> pd.DataFrame:
    """paper, series, number, issued, issuer of each question: the certificate of birth, else a passport whose issuer is known."""
    issuers = {column: _issuer(questions[column]) if column in questions.columns else pd.Series(None, index=questions.index, dtype="str")
               for column in ("birth_certificate_issuer", "document_issuer")}
    found = pd.DataFrame(None, index=questions.index, columns=["paper", "series", "number", "issued", "issuer"], dtype="str")
    for kind, (paper, form) in _PAPERS.items():
        column = "birth_certificate" if kind == "03" else "document"
        seen = questions[column].str.extract(f"^{form}$").assign(paper=paper, issued=questions[f"{column}_date"], issuer=issuers[f"{column}_issuer"])
        usable = found["paper"].isna() & seen["number"].notna() & seen["issued"].notna() & seen["issuer"].notna()
        usable &= (kind == "03") | (questions["document_kind"] == kind)
        found = found.where(~usable, seen[found.columns])
    return found


def _issuer(names: pd.Series) -> pd.Series:
    """The office as the service accepts it: signs it does not know become blanks."""
    plain = names.str.replace(_NOT_ISSUER, " ", regex=True).str.replace(r"\s+", " ", regex=True).str.strip(" ',.").str.slice(0, 200)
    return plain.mask(plain == "")


def _names(row: Mapping[Hashable, Any]) -> str:
    return "".join(f"<s:{element}>{escape(row[column])}</s:{element}>" for element, column in _DATA.items() if row[column])


def _number_document(row: Mapping[Hashable, Any]) -> bytes:
    series = f"<s:Series>{row['series']}</s:Series>" if row["series"] else ""
    return (f'<q:SnilsByAdditionalDataRequest xmlns:q="{_NUMBER}" xmlns:s="{_COMMONS}">{_names(row)}<q:BirthDate>{row["birth_date"][:10]}</q:BirthDate>'
            f'<q:Gender>{_gender(row)}</q:Gender><s:{row["paper"]}>{series}<s:Number>{row["number"]}</s:Number>'
            f'<s:IssueDate>{row["issued"][:10]}</s:IssueDate><s:Issuer>{escape(row["issuer"])}</s:Issuer></s:{row["paper"]}>'
            f"</q:SnilsByAdditionalDataRequest>").encode()


def _validation_document(row: Mapping[Hashable, Any]) -> bytes:
    return (f'<q:SnilsValidationRequest xmlns:q="{_VALIDATION}" xmlns:s="{_COMMONS}">{_names(row)}<q:Snils>{row["snils"]}</q:Snils>'
            f'<q:Gender>{_gender(row)}</q:Gender><q:BirthDate>{row["birth_date"][:10]}</q:BirthDate></q:SnilsValidationRequest>').encode()


def _gender(row: Mapping[Hashable, Any]) -> str:
    return {"M": "Male", "F": "Female"}[row["sex"]]


def read(delivery: Delivery, stream: IO[bytes]) -> Reading:
    """Accounts as person rows (several when ПФР cannot tell which), and the verdicts on numbers we asked about."""
    found = answers(delivery, stream, tuple(_FILES.values()))
    while batch := list(islice(found, BATCH)):
        people, verdicts = [], []
        for service, key, position, answer in batch:
            if answer.tag != _ROOTS[service]:
                raise ContractBroken("xml.wrong_namespace", f"{position}: the answer is of another kind than the question")
            if service == "number":
                people += list(_accounts(key, position, _RESPONSE.row(answer), answer.iterfind(f"{{{_NUMBER}}}TwinData")))
            else:
                people.append(_asked(key, position, "validation"))
                verdicts.append({**_asked(key, position, ""), "snils": key[3], **_VERDICT.row(answer)})
        if people:
            yield RawBatch("person", frame(people, PERSON))
        if verdicts:
            yield RawBatch("snils_validation", frame(verdicts, VALIDATION))


def _asked(key: Key, position: str, account: str) -> Row:
    return {"question_id": key[0], "asked_source": key[1], "asked_key": key[2], "position": position, "account": account or None}


def _accounts(key: Key, position: str, first: Row, twins: Iterator[object]) -> Iterator[Row]:
    """One row when one account fits; several carry their number, so that no one takes the first for the answer."""
    others = [_TWIN.row(twin) for twin in twins]  # type: ignore[arg-type]
    for number, account in enumerate([first, *others], start=1):
        yield {**account, **_asked(key, f"{position[:-1]}{number}", str(number) if others else "")}


_OWN = {"Snils": "snils", "BirthDate": "birth_date", "Gender": "sex"}
_TWIN = Node(under(_COMMONS, dict(_DATA)) | under(_NUMBER, dict(_OWN)))
_RESPONSE = Node(under(_COMMONS, dict(_DATA) | ignored(
    "PassportRF", "ForeignPassport", "ResidencePermitRF", "InternationalPassportRF", "MilitaryPassport", "SailorPassport", "SovietPassport",
    "BirthCertificate", "DrivingLicenseRF", "ReleaseCertificate", "PassportLossCertificate", "Form9Certificate", "TemporaryIdentityCardRF"))
    | under(_NUMBER, dict(_OWN) | ignored("BirthPlace", "TwinData")) | under(_PFR, ignored("PfrIdentificationDocument")))
_VERDICT = Node(under(_VALIDATION, {"Result": "result"}))


def nodes() -> tuple[dict[str, Node], dict[str, Node]]:
    """The maps of an answer by its tag, and of the further accounts inside one."""
    return {_ROOTS["number"]: _RESPONSE, _ROOTS["validation"]: _VERDICT}, {f"{{{_NUMBER}}}TwinData": _TWIN}
