"""Messages by which a wallet proves itself (EIP-4361), written here and read back byte for byte.

They are ASCII, version 1, and name the community and the genesis block among their resources, because chain ids
collide.
"""

import re
import secrets
from dataclasses import dataclass

from gettone.errors import InputError

NONCE_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
NONCE_LENGTH = 24
"""24 letters of 62 are 142 bits."""

_INSTANT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z"
_MESSAGE = re.compile(
    r"(?P<domain>[!-~]+) wants you to sign in with your Ethereum account:\n"
    r"(?P<address>0x[0-9a-fA-F]{40})\n\n"
    r"(?:(?P<statement>[ -~]+)\n)?\n"
    r"URI: (?P<uri>[!-~]+)\n"
    r"Version: 1\n"
    r"Chain ID: (?P<chain_id>[1-9]\d{0,17})\n"
    r"Nonce: (?P<nonce>[0-9A-Za-z]{8,})\n"
    rf"Issued At: (?P<issued_at>{_INSTANT})\n"
    rf"Expiration Time: (?P<expiration_time>{_INSTANT})\n"
    r"Request ID: (?P<request_id>[!-~]+)\n"
    r"Resources:(?P<resources>(?:\n- [!-~]+)+)"
)


@dataclass(frozen=True, slots=True)
class SiweMessage:
    """The fields of a message; instants as RFC 3339 text in UTC, `address` EIP-55."""

    domain: str
    address: str
    statement: str
    uri: str
    chain_id: int
    nonce: str
    issued_at: str
    expiration_time: str
    request_id: str
    resources: tuple[str, ...]

    def text(self) -> str:
        """The message as it is signed."""
        return "\n".join(
            (
                f"{self.domain} wants you to sign in with your Ethereum account:",
                self.address,
                "",
                self.statement,
                "",
                f"URI: {self.uri}",
                "Version: 1",
                f"Chain ID: {self.chain_id}",
                f"Nonce: {self.nonce}",
                f"Issued At: {self.issued_at}",
                f"Expiration Time: {self.expiration_time}",
                f"Request ID: {self.request_id}",
                "Resources:",
                *(f"- {one}" for one in self.resources),
            )
        )


def parse_siwe(text: str) -> SiweMessage:
    """The fields of a message; InputError `siwe_malformed` for anything that EIP-4361 and §3.1 do not allow."""
    found = _MESSAGE.fullmatch(text)
    if found is None:
        raise InputError("siwe_malformed", "this is no message of EIP-4361 as it was issued: sign it unchanged")
    values = found.groupdict()
    resources = tuple(one.removeprefix("- ") for one in values.pop("resources").strip("\n").split("\n"))
    chain_id, statement = int(values.pop("chain_id")), values.pop("statement") or ""
    return SiweMessage(**values, chain_id=chain_id, statement=statement, resources=resources)


def require_issued(text: str, issued: str) -> None:
    """InputError unless a message is the one that was issued; its code names the first field that differs."""
    given, expected = parse_siwe(text), parse_siwe(issued)
    for code, fields in _CODES:
        if any(getattr(given, name) != getattr(expected, name) for name in fields):
            raise InputError(code, f"the signed message has another {' or '.join(fields)} than the one issued here")
    if text != issued:
        raise InputError("siwe_malformed", "the signed message differs from the one issued here: sign it unchanged")


def new_nonce() -> str:
    """A nonce that nobody can guess."""
    return "".join(secrets.choice(NONCE_LETTERS) for _ in range(NONCE_LENGTH))


_CODES = (
    ("siwe_domain", ("domain",)),
    ("siwe_uri", ("uri",)),
    ("siwe_chain", ("chain_id", "resources")),
    ("siwe_address", ("address",)),
)
