"""Ids of rows that people see: `<prefix>_` and 26 characters of base 32, which nobody can guess."""

import base64
import secrets

ID_BYTES = 16


def fresh_id(prefix: str) -> str:
    """A new id with 128 random bits behind `prefix`, for example `inv_` and 26 lower-case characters."""
    return f"{prefix}_{base64.b32encode(secrets.token_bytes(ID_BYTES)).decode().rstrip('=').lower()}"
