"""ID-2: which provider serves, and which settings are refused."""

from typing import Any

import pytest

from gettone.errors import InputError, MissingInput, Refused
from gettone.identity.rules import TokenRules, require_safe_issuer, rules_of
from gettone.identity.switch import identity_findings, require_embedded, uses_embedded
from gettone.settings import load_settings

pytestmark = pytest.mark.unit
ISSUER = "https://id.example.org/realms/gettone"


def settings(**named: str) -> Any:
    return load_settings({f"GETTONE_{name.upper()}": value for name, value in named.items()})


def test_switch__production_without_issuer__is_missing() -> None:
    with pytest.raises(MissingInput):
        uses_embedded(settings())
    assert [type(one) for one in identity_findings(settings())] == [MissingInput]


def test_switch__demonstration_without_issuer__uses_its_own() -> None:
    assert uses_embedded(settings(environment="demo"))
    assert identity_findings(settings(environment="demo")) == []


def test_switch__issuer__uses_the_outside_one() -> None:
    assert not uses_embedded(settings(environment="demo", oidc_issuer=ISSUER))


@pytest.mark.parametrize(
    ("named", "host"),
    [
        ({}, "127.0.0.1"),
        ({"environment": "demo", "oidc_issuer": ISSUER}, "127.0.0.1"),
        ({"environment": "demo"}, "0.0.0.0"),  # noqa: S104
        ({"environment": "demo"}, "192.0.2.7"),
    ],
)
def test_embedded__unsafe_place__is_refused(named: dict[str, str], host: str) -> None:
    with pytest.raises(Refused) as refusal:
        require_embedded(settings(**named), host)
    assert refusal.value.exit_status == 6


def test_findings__production_with_secret_and_issuer__are_none() -> None:
    assert identity_findings(settings(oidc_issuer=ISSUER, keycloak_admin_secret="s")) == []


def test_findings__production_with_an_issuer_on_loopback__are_unsafe() -> None:
    found = identity_findings(settings(oidc_issuer="http://127.0.0.1:8180/realms/gettone", keycloak_admin_secret="s"))
    assert [one.code for one in found] == ["issuer_on_loopback"]


def test_findings__issuer_without_https__is_unsafe() -> None:
    assert [type(one) for one in identity_findings(settings(oidc_issuer="http://id.example.org/realms/g"))] == [Refused]


@pytest.mark.parametrize("issuer", ["id.example.org", "ftp://id.example.org", ISSUER + "/", ISSUER + "?a=1"])
def test_issuer__no_address__is_refused(issuer: str) -> None:
    with pytest.raises(InputError):
        require_safe_issuer(issuer)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_issuer__loopback__needs_no_https(host: str) -> None:
    rules = TokenRules(f"http://{host}:8180/realms/gettone", "gettone-api", frozenset())
    assert rules.keys_url.endswith("/realms/gettone/protocol/openid-connect/certs")


def test_rules__of_settings__have_defaults_for_all_but_the_issuer() -> None:
    rules = rules_of(settings(oidc_issuer=ISSUER))
    assert (rules.audience, rules.algorithms) == ("gettone-api", {"RS256"})
    assert "gettone-dapp" in rules.clients


def test_rules__without_issuer__are_refused() -> None:
    with pytest.raises(MissingInput):
        rules_of(settings())
