"""The four pushes of ЗАГС: namespace, types, the receiver's receipt and how an act is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.mocks.smev import namespaces, zags_acts
from connectors.mocks.smev.zags_parts import Act


@dataclass(frozen=True)
class PushKind:
    namespace: str
    types: str
    receipt: str
    """Root of the receipt the receiver sends back."""
    render: Callable[[Act], str]


KINDS: dict[str, PushKind] = {
    "birth": PushKind(namespaces.ROGDZP, namespaces.ROGDINF_TYPES, "ROGDZPResponse", zags_acts.birth),
    "name_change": PushKind(namespaces.PERNAMEZP, namespaces.PERNAMEINF_TYPES, "PERNAMEZPResponse", zags_acts.name_change),
    "paternity": PushKind(namespaces.PARENTZP, namespaces.PARENTINF_TYPES, "PARENTZPResponse", zags_acts.paternity),
    "death": PushKind(namespaces.FATALZP, namespaces.FATALINF_TYPES, "FATALZPResponse", zags_acts.death),
}
