"""Signing keys of the demonstration's provider: made at the first start, two published while one follows the other."""

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from gettone.identity.embedded.store import IdentityStore, Transaction

KEPT: Final = 2
_KIND: Final = "key"


def signing_key(db: Transaction) -> tuple[str, rsa.RSAPrivateKey]:
    """Id and key that sign now; made when there is none."""
    known = _newest_first(db)
    if not known:
        rotate(db)
        known = _newest_first(db)
    key_id, doc = known[0]
    return key_id, _key_of(doc)


def rotate(db: Transaction) -> list[str]:
    """Sign with a new key from now on; the ids of the published keys, the new one first."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    known = _newest_first(db)
    number = known[0][1]["number"] + 1 if known else 1
    db.put(_KIND, thumbprint(key.public_key()), {"number": number, "pem": pem})
    for key_id, _ in _newest_first(db)[KEPT:]:
        db.delete(_KIND, key_id)
    return [key_id for key_id, _ in _newest_first(db)]


def rotate_embedded_key(store: IdentityStore) -> list[str]:
    """As `rotate`, in a transaction of its own."""
    with store.transaction() as db:
        return rotate(db)


def key_set(db: Transaction) -> dict[str, Any]:
    """The JWK set as Keycloak publishes it."""
    signing_key(db)
    keys = []
    for key_id, doc in _newest_first(db):
        public = RSAAlgorithm.to_jwk(_key_of(doc).public_key(), as_dict=True)
        keys.append({"kid": key_id, "kty": "RSA", "alg": "RS256", "use": "sig", "n": public["n"], "e": public["e"]})
    return {"keys": keys}


def signed(db: Transaction, payload: dict[str, Any], kind: str = "JWT") -> str:
    """A token of `payload` under the key that signs now; `kind` is the `typ` of its header."""
    key_id, key = signing_key(db)
    return jwt.encode(payload, key, algorithm="RS256", headers={"kid": key_id, "typ": kind})


def thumbprint(key: rsa.RSAPublicKey) -> str:
    """The thumbprint of a public key by RFC 7638, base64url of SHA-256."""
    raw = RSAAlgorithm.to_jwk(key, as_dict=True)
    text = json.dumps({"e": raw["e"], "kty": "RSA", "n": raw["n"]}, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _newest_first(db: Transaction) -> list[tuple[str, dict[str, Any]]]:
    return sorted(db.all_of(_KIND).items(), key=lambda item: -int(item[1]["number"]))


def _key_of(doc: dict[str, Any]) -> rsa.RSAPrivateKey:
    return _parsed(doc["pem"])


@lru_cache(maxsize=8)
def _parsed(pem: str) -> rsa.RSAPrivateKey:
    """The key of a PEM text; reading one checks its primes, which takes longer than signing."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("a signing key of the demonstration's provider is an RSA key")
    return key
