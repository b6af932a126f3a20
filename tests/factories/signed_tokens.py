"""Tokens as the identity provider signs them, and its key set, for tests without a provider."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from gettone.errors import Unreachable
from gettone.identity.rules import TokenRules
from gettone.identity.verifier import TokenVerifier

NOW_S = 1_800_000_000
ISSUER = "https://id.example.org/realms/gettone"
RULES = TokenRules(issuer=ISSUER, audience="gettone-api", clients=frozenset({"gettone-dapp", "gettone-auditor"}))
PERSON: dict[str, Any] = {
    "iss": ISSUER,
    "aud": ["gettone-api", "account"],
    "azp": "gettone-dapp",
    "typ": "Bearer",
    "sub": "2f0c",
    "sid": "session-1",
    "iat": NOW_S - 10,
    "exp": NOW_S + 290,
    "auth_time": NOW_S - 60,
    "acr": "1",
    "email": "anna@example.org",
    "email_verified": True,
    "given_name": "Anna",
    "family_name": "Verdi",
    "realm_access": {"roles": ["member", "offline_access"]},
}
MACHINE: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "gettone-api",
    "azp": "mc-grid",
    "typ": "Bearer",
    "sub": "9a1b",
    "iat": NOW_S - 10,
    "exp": NOW_S + 290,
}


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """One key for each name, made once."""
    return rsa.generate_private_key(65537, 2048 if name != "short" else 1024)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_pem(name: str) -> bytes:
    return (
        rsa_key(name)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def jwk(name: str, **changed: Any) -> dict[str, Any]:
    """The public key of that name as the provider publishes it."""
    raw = RSAAlgorithm.to_jwk(rsa_key(name).public_key(), as_dict=True)
    return {**raw, "kid": name, "use": "sig", "alg": "RS256"} | changed


def ec_jwk() -> dict[str, Any]:
    return {**ECAlgorithm.to_jwk(ec_key().public_key(), as_dict=True), "kid": "ec", "use": "sig", "alg": "ES256"}


def signed(payload: Mapping[str, Any], key: str = "one", **header: Any) -> str:
    """A token of `payload` under the key of that name."""
    return jwt.encode(dict(payload), rsa_key(key), algorithm=header.pop("alg", "RS256"), headers={"kid": key, **header})


class Provider:
    """The key set of a provider that can be down, and counts how often it was asked."""

    def __init__(self, *names: str) -> None:
        self.keys = [jwk(name) for name in names or ("one",)]
        self.is_down = False
        self.fetches = 0

    def fetch(self) -> Mapping[str, Any]:
        self.fetches += 1
        if self.is_down:
            raise Unreachable("identity_provider_down", "down")
        return {"keys": self.keys}


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now_s = NOW_S

    def __call__(self) -> int:
        return self.now_s


def verifier(
    provider: Provider, clock: Clock, rules: TokenRules = RULES, grants: tuple[str, ...] = ()
) -> TokenVerifier:
    """A verifier that asks `provider` for keys; `grants` are the machine clients that are granted."""
    return TokenVerifier(rules, lambda client: client in grants, fetch=provider.fetch, clock_s=clock)
