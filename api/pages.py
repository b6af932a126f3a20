"""Long lists go out page by page; a cursor is signed and only continues the list it came from.

Pages are stable while rows are added, because a cursor names the last row seen and not a number of rows.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Request, Response

from api.context import Context
from api.refusals import Invalid
from api.schemas import Strict

SIGNATURE_BYTES = 12
DEFAULT_LIMIT, MAX_LIMIT = 100, 1000
Item = TypeVar("Item")


class Page(Strict, Generic[Item]):
    """Some items, and the cursor of the next ones, if there are any."""

    items: list[Item]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Paging:
    """What a request asks of a list: at most `limit` items behind `after`, the sort key of the last item seen."""

    limit: int
    after: tuple[Any, ...] | None
    _secret: bytes
    _list: bytes
    _request: Request

    @property
    def fetch(self) -> int:
        """How many rows to read: one more than is shown tells whether there is a next page."""
        return self.limit + 1

    def page(self, response: Response, items: list[Item], keys: list[tuple[Any, ...]]) -> Page[Item]:
        """The page of what was read with `fetch`; `keys` are the sort keys of the items.  Sets `Link` (RFC 8288)."""
        if len(items) <= self.limit:
            return Page(items=items)
        cursor = self._signed(keys[self.limit - 1])
        address = self._request.url.include_query_params(cursor=cursor, limit=self.limit)
        response.headers["Link"] = f'<{address.path}?{address.query}>; rel="next"'
        return Page(items=items[: self.limit], next=cursor)

    def _signed(self, key: tuple[Any, ...]) -> str:
        text = json.dumps(key, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(_signature(self._secret, self._list, text) + text).decode().rstrip("=")


def paging(
    request: Request,
    context: Context,
    cursor: Annotated[str | None, Query(max_length=512)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Paging:
    """The paging of a request; Invalid for a cursor that is not of this list with these filters."""
    filters = sorted((name, value) for name, value in request.query_params.multi_items() if name not in _OWN)
    listed = hashlib.sha256(json.dumps([request.url.path, filters]).encode()).digest()
    after = None if cursor is None else _opened(context.secret, listed, cursor)
    return Paging(limit, after, context.secret, listed, request)


Pages = Annotated[Paging, Depends(paging)]
_OWN = ("cursor", "limit")


def _opened(secret: bytes, listed: bytes, cursor: str) -> tuple[Any, ...]:
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError:
        content = b""
    signature, text = content[:SIGNATURE_BYTES], content[SIGNATURE_BYTES:]
    if not text or not hmac.compare_digest(signature, _signature(secret, listed, text)):
        raise Invalid(
            "invalid",
            "the cursor is not of this list with these filters: start again without it",
            fields=(("/query/cursor", "cursor"),),
        )
    return tuple(json.loads(text))


def _signature(secret: bytes, listed: bytes, text: bytes) -> bytes:
    return hmac.digest(secret, listed + text, "sha256")[:SIGNATURE_BYTES]
