"""Namespaces and mnemonics of the exchange and of the kinds of information, letter for letter."""

from __future__ import annotations

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XOP = "http://www.w3.org/2004/08/xop/include"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
TYPES = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/1.3"
BASIC = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/basic/1.3"
FAULTS = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/faults/1.3"
DIRECTIVE = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/directive/1.3"

ROGDINF = "urn://x-artefacts-zags-rogdinf/root/112-51/4.0.1"
ROGDINF_TYPES = "urn://x-artefacts-zags-rogdinf/types/4.0.1"
PERNAMEINF = "urn://x-artefacts-zags-pernameinf/root/112-53/4.0.0"
PERNAMEINF_TYPES = "urn://x-artefacts-zags-pernameinf/types/4.0.0"
FATALINF = "urn://x-artefacts-zags-fatalinf/root/112-52/4.0.1"
FATALINF_TYPES = "urn://x-artefacts-zags-fatalinf/types/4.0.1"
PARENTINF = "urn://x-artefacts-zags-parentinf/root/112-56/4.0.0"
PARENTINF_TYPES = "urn://x-artefacts-zags-parentinf/types/4.0.0"

ROGDZP = "urn://x-artefacts-zags-rogdzp/root/112-23/4.0.1"
PERNAMEZP = "urn://x-artefacts-zags-pernamezp/root/112-24/4.0.1"
FATALZP = "urn://x-artefacts-zags-fatalzp/root/112-25/4.0.1"
PARENTZP = "urn://x-artefacts-zags-parentzp/root/112-27/4.0.1"

LIVING = "urn://mvd/guvm/living-place-registration/1.1.0"
STAYING = "urn://mvd/guvm/staying-place-registration/1.1.0"
REGISTRATION_COMMONS = "urn://mvd/guvm/registration-commons/1.2.0"
MVD_BASIC = "urn://mvd/guvm/basic-types/1.2.0"

SNILS_BY_DATA = "http://kvs.pfr.com/snils-by-additionalData/1.0.1"
SNILS_VALIDATION = "http://kvs.pfr.com/snils-validation/1.0.1"
SUPPLEMENTARY = "urn://x-artefacts-smev-gov-ru/supplementary/commons/1.0.1"
PFR_COMMONS = "http://common.kvs.pfr.com/1.0.0"

SMEV = ("smev", "СМЭВ")
ZAGS = ("FNS002", "ФГИС «ЕГР ЗАГС»")
MVD = ("MVDR01", "МВД России")
"""[D] Only FNS002 is known from public material."""
PFR = ("PFRF01", "СФР")
"""[D]"""
