"""Which identity provider serves: an outside one by its issuer, or the demonstration's own (specification §4.1)."""

from urllib.parse import urlsplit

from gettone.errors import GettoneError, MissingInput, Refused
from gettone.identity.rules import is_loopback, require_safe_issuer
from gettone.settings import Environment, Settings


def uses_embedded(settings: Settings) -> bool:
    """Whether the demonstration's own provider serves; MissingInput where nothing may take an issuer's place."""
    if settings.oidc_issuer is not None:
        return False
    if settings.environment is not Environment.DEMO:
        raise MissingInput("settings_missing", "not set: GETTONE_OIDC_ISSUER; see .env.example")
    return True


def require_embedded(settings: Settings, host: str) -> None:
    """Refused unless this is a demonstration without another provider, reached on loopback only."""
    if settings.environment is not Environment.DEMO:
        raise Refused(
            "embedded_provider_unsafe",
            "the demonstration's identity provider starts with GETTONE_ENVIRONMENT=demo only: set GETTONE_OIDC_ISSUER",
        )
    if settings.oidc_issuer is not None:
        raise Refused(
            "embedded_provider_unsafe",
            "the demonstration's identity provider does not start beside another: leave GETTONE_OIDC_ISSUER empty",
        )
    if not is_loopback(host):
        raise Refused(
            "embedded_provider_unsafe",
            f"the demonstration's identity provider listens on loopback only, not on {host}: use 127.0.0.1",
        )


def identity_findings(settings: Settings) -> list[GettoneError]:
    """What is missing or unsafe among the settings of identity."""
    demo = settings.environment is Environment.DEMO
    if settings.oidc_issuer is None:
        return [] if demo else [MissingInput("settings_missing", "GETTONE_OIDC_ISSUER")]
    try:
        require_safe_issuer(settings.oidc_issuer)
    except GettoneError as refusal:
        return [refusal]
    if demo:
        return []
    found: list[GettoneError] = []
    if is_loopback(urlsplit(settings.oidc_issuer).hostname):
        found.append(
            Refused(
                "issuer_on_loopback",
                "GETTONE_OIDC_ISSUER is on loopback, as a demonstration's provider is: name the one that people reach",
            )
        )
    if settings.keycloak_admin_secret is None:
        found.append(MissingInput("settings_missing", "GETTONE_KEYCLOAK_ADMIN_SECRET"))
    return found
