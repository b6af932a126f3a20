"""Keycloak's two lists of events, read as one: what people did, and which users administrators deleted (§2)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from gettone.identity.provider import IdentityEvent, IdentityEventKind

PAGE: Final = 100
_KINDS: Final = {
    "REGISTER": IdentityEventKind.REGISTERED,
    "VERIFY_EMAIL": IdentityEventKind.EMAIL_VERIFIED,
    "UPDATE_EMAIL": IdentityEventKind.EMAIL_CHANGED,
    "UPDATE_PASSWORD": IdentityEventKind.PASSWORD_CHANGED,
    "DELETE_ACCOUNT": IdentityEventKind.DELETED_BY_USER,
}
_USERS: Final = "users/"

# Gives the entries of a list at a path of the realm's administration, for a query.
Page = Callable[[str, Mapping[str, Any]], list[dict[str, Any]]]


def events_since(page: Page, at_ms: int) -> list[IdentityEvent]:
    """All events at or after `at_ms` [unix ms], oldest first; both lists come newest first, in pages."""
    # The lists are asked for by day, a day earlier, as the day is that of Keycloak's own time zone.
    day = (datetime.fromtimestamp(at_ms / 1000, UTC) - timedelta(days=1)).date().isoformat()
    found = [
        IdentityEvent(_id_of(raw), _KINDS[raw["type"]], raw["userId"], int(raw["time"]), _session_of(raw))
        for raw in _all(page, "/events", {"type": list(_KINDS), "dateFrom": day}, at_ms)
        if raw.get("userId")
    ]
    query = {"resourceTypes": "USER", "operationTypes": "DELETE", "dateFrom": day}
    for raw in _all(page, "/admin-events", query, at_ms):
        path = str(raw.get("resourcePath", ""))
        # Only the user itself: deleting a credential or a role of a user has a longer path.
        if path.startswith(_USERS) and "/" not in path[len(_USERS) :]:
            sub = path[len(_USERS) :]
            found.append(IdentityEvent(_id_of(raw), IdentityEventKind.DELETED_BY_ADMIN, sub, int(raw["time"]), None))
    return sorted(found, key=lambda event: (event.at_ms, event.event_id))


def _all(page: Page, path: str, query: Mapping[str, Any], at_ms: int) -> list[dict[str, Any]]:
    """The entries since `at_ms`; an entry that moves to the next page while one reads is taken once."""
    found: dict[str, dict[str, Any]] = {}
    first = 0
    while True:
        entries = page(path, {**query, "first": first, "max": PAGE})
        for raw in entries:
            if int(raw["time"]) >= at_ms:
                found.setdefault(_id_of(raw), raw)
        if len(entries) < PAGE or int(entries[-1]["time"]) < at_ms:
            return list(found.values())
        first += PAGE


def _session_of(raw: Mapping[str, Any]) -> str | None:
    """The session of an event: what led to a login has its id as `code_id` from the beginning."""
    found = raw.get("sessionId") or (raw.get("details") or {}).get("code_id")
    return None if found is None else str(found)


def _id_of(raw: Mapping[str, Any]) -> str:
    """The id of an entry; made of its content where Keycloak gives none."""
    given = raw.get("id")
    if given:
        return str(given)
    what = raw.get("type") or raw.get("operationType")
    return f"{raw['time']}-{what}-{raw.get('userId') or raw.get('resourcePath')}"
