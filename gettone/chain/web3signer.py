"""A key held by Web3Signer (or what speaks its `eth1` API): it is asked to sign, and what it answers is checked.

`POST /api/v1/eth1/sign/{identifier}` with `{"data": "0x…"}` signs keccak-256 of the bytes and answers r, s and v
as hex; `GET /api/v1/eth1/publicKeys` lists the keys, each of which is its own identifier.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from gettone.chain.signer import address_of_public_key
from gettone.errors import CheckFailed, InputError, MissingInput, Unreachable

_PUBLIC_KEY_BYTES = 64
_PATIENCE_S = 10


@dataclass(frozen=True, slots=True)
class Web3Signer:
    """One key at a signer's URL, found there by its address; it never leaves the signer."""

    url: str
    address: str
    identifier: str

    def sign(self, payload: bytes) -> bytes:
        """The 65-byte signature of keccak-256(payload).

        Raises Unreachable `signer_unreachable`, MissingInput `signer_key` when the signer lost the key, CheckFailed
        `signature_invalid` for an answer that is no hex text.
        """
        path = f"{self.url}/api/v1/eth1/sign/{self.identifier}"
        answer = _asked("POST", path, self.url, {"data": "0x" + payload.hex()})
        if answer.status_code == requests.codes.not_found:
            raise _no_key(self.url, self.address)
        _require_ok(answer, self.url)
        try:
            return bytes.fromhex(answer.text.strip().strip('"').removeprefix("0x"))
        except ValueError:
            raise CheckFailed("signature_invalid", f"the signer at {self.url} answered with no signature") from None


def open_web3signer(url: str, address: str) -> Web3Signer:
    """The key of `address` at a signer; MissingInput `signer_key` when it is not there, else as `Web3Signer.sign`."""
    base = url.rstrip("/")
    for identifier in public_keys(base):
        if address_of_public_key(_public_key(base, identifier)) == address:
            return Web3Signer(base, address, identifier)
    raise _no_key(base, address)


def public_keys(url: str) -> list[str]:
    """The identifiers (public keys, hex) that a signer offers.

    InputError `signer_url` for anything but http or https, Unreachable `signer_unreachable` without an answer.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise InputError("signer_url", "the signer's address is not understood: write https://HOST:PORT")
    answer = _asked("GET", f"{url.rstrip('/')}/api/v1/eth1/publicKeys", url, None)
    _require_ok(answer, url)
    try:
        listed = answer.json()
    except requests.exceptions.JSONDecodeError:
        listed = None
    if not isinstance(listed, list):
        raise Unreachable("signer_unreachable", f"what answers at {url} is no signer: it lists no keys")
    return [str(one) for one in listed]


def addresses_at(url: str) -> list[str]:
    """EIP-55 addresses of the keys that a signer offers, as it lists them."""
    base = url.rstrip("/")
    return [address_of_public_key(_public_key(base, one)) for one in public_keys(base)]


def _public_key(url: str, identifier: str) -> bytes:
    try:
        found = bytes.fromhex(identifier.removeprefix("0x"))
    except ValueError:
        found = b""
    if len(found) == _PUBLIC_KEY_BYTES + 1 and found[0] == 4:
        found = found[1:]
    if len(found) != _PUBLIC_KEY_BYTES:
        raise Unreachable("signer_unreachable", f"what answers at {url} lists a key that is none: {identifier[:20]}")
    return found


def _asked(method: str, path: str, url: str, body: dict[str, str] | None) -> requests.Response:
    try:
        return requests.request(method, path, json=body, timeout=_PATIENCE_S)
    except requests.RequestException as cause:
        raise Unreachable(
            "signer_unreachable",
            f"the signer at {url} does not answer ({type(cause).__name__}): start it or check GETTONE_SIGNER_URL",
        ) from None


def _require_ok(answer: requests.Response, url: str) -> None:
    if answer.status_code != requests.codes.ok:
        raise Unreachable("signer_unreachable", f"the signer at {url} answered with HTTP {answer.status_code}")


def _no_key(url: str, address: str) -> MissingInput:
    return MissingInput(
        "signer_key", f"the signer at {url} has no key of {address}: load it there, or correct the address configured"
    )
