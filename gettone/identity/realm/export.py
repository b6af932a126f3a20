"""The committed realm file, with the addresses of a deployment in place of its placeholders."""

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

from gettone.errors import InputError
from gettone.identity.rules import is_loopback

FILE: Final = files("gettone.identity.realm").joinpath("gettone-realm.json")
_PLACEHOLDER: Final = re.compile(r"\$\{([A-Z_]+)(?::([^}]*))?\}")


def realm_text(addresses: Mapping[str, str]) -> str:
    """The realm file for Keycloak's import; `addresses` are by placeholder, DAPP_URL, AUDITOR_URL, API_URL, SMTP_….

    What is not given stays a placeholder, which Keycloak fills from its environment.  InputError for an unsafe address.
    """
    for name, value in addresses.items():
        if name.endswith("_URL"):
            _require_address(name, value)

    def filled(found: re.Match[str]) -> str:
        # Within JSON text: an address with a quotation mark must not end the string that it stands in.
        given = addresses.get(found.group(1))
        return found.group(0) if given is None else json.dumps(given)[1:-1]

    return _PLACEHOLDER.sub(filled, FILE.read_text(encoding="utf-8"))


def realm_document(addresses: Mapping[str, str]) -> dict[str, Any]:
    """As `realm_text`, parsed, with the defaults of placeholders that were not given."""
    text = _PLACEHOLDER.sub(lambda found: found.group(2) or "", realm_text(addresses))
    document: dict[str, Any] = json.loads(text)
    return document


def _require_address(name: str, value: str) -> None:
    parts = urlsplit(value)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    if not safe or not parts.hostname or parts.query or parts.fragment or value.endswith("/"):
        raise InputError(
            "address_syntax", f"{name} is {value!r}: write https://HOST without a last slash (http on loopback only)"
        )
