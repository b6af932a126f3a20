"""Refusals that only HTTP knows, and the status of every other one (identity and API specification §5).

The codes are those of that section; they never change meaning.
"""

from gettone.errors import (
    CheckFailed,
    Conflict,
    GettoneError,
    Held,
    InputError,
    MissingInput,
    Refused,
    Unreachable,
)

# The status of a refusal that names none itself.
_STATUSES: dict[type[GettoneError], int] = {
    InputError: 422,
    MissingInput: 404,
    Refused: 403,
    Conflict: 409,
    Held: 409,
    Unreachable: 503,
    CheckFailed: 500,
}


class HttpRefusal(GettoneError):
    """A refusal with its HTTP status, further headers, and the fields it is about: (JSON pointer, code)."""

    http_status = 500

    def __init__(
        self,
        code: str,
        message: str,
        *,
        headers: dict[str, str] | None = None,
        fields: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(code, message)
        self.headers = headers or {}
        self.fields = fields


class Unauthenticated(HttpRefusal):
    """No key, or one that is unknown, expired or revoked: the answer does not say which."""

    http_status = 401

    def __init__(self) -> None:
        super().__init__(
            "unauthenticated",
            "this route needs a valid key: send it as `Authorization: Bearer <key>`, or have a new one issued",
            headers={"WWW-Authenticate": "Bearer"},
        )


class SessionEnded(HttpRefusal):
    """The session of the token was ended, though the token has not expired yet."""

    http_status = 401

    def __init__(self) -> None:
        super().__init__(
            "session_ended",
            "this session has ended: log in again",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )


class StepUp(HttpRefusal):
    """A fresh login, or a second factor, is needed first (RFC 9470)."""

    http_status = 401

    def __init__(self, acr: int, max_age_s: int) -> None:
        super().__init__(
            "insufficient_user_authentication",
            "this needs a fresh login"
            + (" with the second factor" if acr > 1 else "")
            + ": log in again and repeat it",
            headers={
                "WWW-Authenticate": 'Bearer error="insufficient_user_authentication", '
                f'acr_values="{acr}", max_age={max_age_s}'
            },
        )


class NotPermitted(HttpRefusal):
    """A valid key without the right to do this."""

    http_status = 403


class NotFound(HttpRefusal):
    """It does not exist, or not for this key."""

    http_status = 404


class Malformed(HttpRefusal):
    """The body is not what its media type says."""

    http_status = 400


class Gone(HttpRefusal):
    """It was here, was used, or has expired."""

    http_status = 410


class Changed(HttpRefusal):
    """Somebody changed it meanwhile: `If-Match` names another state."""

    http_status = 412

    def __init__(self, etag: str) -> None:
        super().__init__(
            "etag_mismatch",
            "it was changed meanwhile: read it again, then repeat the change with its new ETag",
            headers={"ETag": etag},
        )


class StateRequired(HttpRefusal):
    """A change of configuration names the state it changes."""

    http_status = 428

    def __init__(self) -> None:
        super().__init__("etag_required", "send the ETag of what you read as `If-Match`, so that no change is lost")


class TooLarge(HttpRefusal):
    """The body has more bytes or values than the route takes."""

    http_status = 413


class WrongMedia(HttpRefusal):
    """The body has a media type that the route does not read."""

    http_status = 415


class Invalid(HttpRefusal):
    """A field is wrong; `fields` names which."""

    http_status = 422


class Limited(HttpRefusal):
    """Too many requests, or too many batches waiting: come back after some seconds."""

    http_status = 429

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__("rate_limited", message, headers={"Retry-After": str(retry_after_s)})


class Unavailable(HttpRefusal):
    """The server cannot serve now."""

    http_status = 503


class StorageFull(HttpRefusal):
    """The disk is nearly full: nothing is taken until there is room."""

    http_status = 507

    def __init__(self) -> None:
        super().__init__("storage_full", "less than a tenth of the disk is free: nothing is taken until there is room")


def status_of(refusal: GettoneError) -> int:
    """The HTTP status of any refusal."""
    if isinstance(refusal, HttpRefusal):
        return refusal.http_status
    return next((status for kind, status in _STATUSES.items() if isinstance(refusal, kind)), 500)
