"""A test stub of the signature: the position, the Ids and the algorithm names are right, the numbers prove nothing.

Real СМЭВ signs by GOST R 34.10-2012; without a certified provider the stub holds a SHA-256 of the text it stands for.
"""

from __future__ import annotations

import base64
import hashlib

from lxml import etree

from connectors.mocks.smev.faults import Fault
from connectors.mocks.smev.namespaces import DSIG

_GOST = "urn:ietf:params:xml:ns:cpxmlsec:algorithms:"
_TRANSFORMS = ("http://www.w3.org/2001/10/xml-exc-c14n#", "urn://smev-gov-ru/xmldsig/transform")


def stub(signed_id: str, signed: str) -> str:
    """`ds:Signature` over the element with this Id."""
    digest = base64.b64encode(hashlib.sha256(signed.encode()).digest()).decode()
    transforms = "".join(f'<ds:Transform Algorithm="{name}"/>' for name in _TRANSFORMS)
    return (f'<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{_TRANSFORMS[0]}"/>'
            f'<ds:SignatureMethod Algorithm="{_GOST}gostr34102012-gostr34112012-256"/><ds:Reference URI="#{signed_id}">'
            f'<ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod Algorithm="{_GOST}gostr34112012-256"/>'
            f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
            f"<ds:SignatureValue>{base64.b64encode(b'test stub').decode()}</ds:SignatureValue></ds:Signature>")


def check(holder: etree._Element | None, signed: etree._Element) -> None:
    """A signature that is there must point at the element it signs; Fault otherwise."""
    if holder is None:
        return
    reference = holder.find(f".//{{{DSIG}}}Reference")
    if reference is None:
        raise Fault("SignatureVerificationFault", ("SignatureVerificationFault", "NoSignatureFound"))
    if not signed.get("Id") or reference.get("URI") != f"#{signed.get('Id')}":
        raise Fault("SignatureVerificationFault", ("SignatureVerificationFault", "IncorrectSignatureTarget"))
