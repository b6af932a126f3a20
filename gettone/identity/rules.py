"""What is accepted as a token: issuer, audience, clients and algorithms, as the settings say."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from gettone.errors import InputError, Refused
from gettone.settings import Settings

# Machine clients are registered one by one; which of them counts, their grants say.
MACHINE_PREFIX: Final = "mc-"
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class TokenRules:
    """The fixed part of the table of §4; `clients` are those of persons, `mc-*` are asked for at each token."""

    issuer: str
    audience: str
    clients: frozenset[str]
    algorithms: frozenset[str] = frozenset({"RS256"})

    def __post_init__(self) -> None:
        require_safe_issuer(self.issuer)

    @property
    def keys_url(self) -> str:
        """Where the keys are: made from the issuer, so that no document can name another place."""
        return f"{self.issuer}/protocol/openid-connect/certs"


def rules_of(settings: Settings) -> TokenRules:
    """The rules of the settings; MissingInput without an issuer, Refused for one without HTTPS."""
    settings.require("oidc_issuer", "oidc_audience", "oidc_clients")
    return TokenRules(
        issuer=settings.oidc_issuer or "",
        audience=settings.oidc_audience,
        clients=frozenset(settings.oidc_clients),
        algorithms=frozenset(settings.oidc_algorithms),
    )


def is_loopback(host: str | None) -> bool:
    """Whether a host name is that of this machine alone."""
    return host in _LOOPBACK


def require_safe_issuer(issuer: str) -> None:
    """InputError for what is no address, Refused for one that anybody on the way could answer in its place."""
    parts = urlsplit(issuer)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise InputError("issuer_syntax", f"GETTONE_OIDC_ISSUER is {issuer!r}: write https://HOST/realms/gettone")
    if issuer.endswith("/"):
        raise InputError("issuer_syntax", f"GETTONE_OIDC_ISSUER is {issuer!r}: leave out the last slash")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise Refused(
            "issuer_not_https", f"GETTONE_OIDC_ISSUER is {issuer!r}: without HTTPS only an address on loopback is safe"
        )
