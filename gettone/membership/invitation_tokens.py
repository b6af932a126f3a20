"""What opens an invitation: its id with a signature of the server; the database holds nothing that opens one."""

import base64
import hmac

SIGNATURE_BYTES = 15


def token_of(secret: bytes, invitation_id: str) -> str:
    """What opens an invitation; `secret` is that of the server."""
    return f"{invitation_id}.{_signature(secret, invitation_id)}"


def number_of(secret: bytes, token: str) -> str:
    """The id in a token; empty for one that was not made with this secret."""
    number, _, signature = token.partition(".")
    return number if hmac.compare_digest(signature.encode(), _signature(secret, number).encode()) else ""


def _signature(secret: bytes, invitation_id: str) -> str:
    made = hmac.digest(secret, b"invitation" + invitation_id.encode(), "sha256")[:SIGNATURE_BYTES]
    return base64.b32encode(made).decode().lower()
