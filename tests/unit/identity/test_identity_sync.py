"""What the job identity-sync reads: every event once, in order, also while pages move."""

from collections.abc import Mapping
from typing import Any

import pytest

from gettone.identity.keycloak_events import PAGE, events_since
from gettone.identity.null_provider import NullProvider
from gettone.identity.provider import IdentityEvent, IdentityEventKind, IdentitySession
from gettone.identity.sync import OVERLAP_MS, end_sessions_before, identity_news

pytestmark = pytest.mark.unit
NOW_MS = 1_800_000_000_000
REGISTERED = IdentityEventKind.REGISTERED


def raw(number: int, kind: str = "REGISTER") -> dict[str, Any]:
    return {"id": f"e{number}", "time": NOW_MS + number, "type": kind, "userId": f"u{number}"}


class Lists:
    """Keycloak's two lists, newest first; `grows` adds an entry before each further page."""

    def __init__(self, events: list[dict[str, Any]], deletions: list[dict[str, Any]], *, grows: bool = False) -> None:
        self.events, self.deletions, self.grows = events, deletions, grows
        self.asked: list[Mapping[str, Any]] = []

    def page(self, path: str, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        self.asked.append(query)
        entries = self.events if path == "/events" else self.deletions
        if self.grows and path == "/events" and query["first"]:
            entries.insert(0, raw(10_000 + query["first"]))
        return entries[query["first"] : query["first"] + query["max"]]


def deletion(number: int, path: str) -> dict[str, Any]:
    return {"time": NOW_MS + number, "operationType": "DELETE", "resourceType": "USER", "resourcePath": path}


def test_events__both_lists__are_read_oldest_first() -> None:
    lists = Lists([raw(3, "DELETE_ACCOUNT"), raw(1)], [deletion(2, "users/u2")])
    assert [(event.sub, event.kind) for event in events_since(lists.page, NOW_MS)] == [
        ("u1", REGISTERED),
        ("u2", IdentityEventKind.DELETED_BY_ADMIN),
        ("u3", IdentityEventKind.DELETED_BY_USER),
    ]


def test_events__deleted_parts_of_a_user__are_no_deletion() -> None:
    lists = Lists([], [deletion(1, "users/u1/credentials/c"), deletion(2, "users/u2/role-mappings/realm")])
    assert events_since(lists.page, NOW_MS) == []


def test_events__more_than_a_page__are_all_read() -> None:
    lists = Lists([raw(number) for number in range(2 * PAGE + 1, 0, -1)], [])
    assert len(events_since(lists.page, NOW_MS)) == 2 * PAGE + 1


def test_events__list_grows_while_read__each_comes_once() -> None:
    lists = Lists([raw(number) for number in range(2 * PAGE + 1, 0, -1)], [], grows=True)
    ids = [event.event_id for event in events_since(lists.page, NOW_MS)]
    assert len(ids) == len(set(ids))
    assert {f"e{number}" for number in range(1, 2 * PAGE + 2)} <= set(ids)


def test_events__before_the_time__are_left_out_and_end_the_reading() -> None:
    lists = Lists([raw(number) for number in range(5 * PAGE, 0, -1)], [])
    assert len(events_since(lists.page, NOW_MS + 5 * PAGE - 10)) == 11
    assert len(lists.asked) == 2


def test_events__without_id__have_one_made_of_their_content() -> None:
    lists = Lists([], [deletion(1, "users/u1")])
    (event,) = events_since(lists.page, NOW_MS)
    assert event == events_since(lists.page, NOW_MS)[0]
    assert "u1" in event.event_id


def test_events__session__is_that_of_the_login() -> None:
    lists = Lists([{**raw(1, "UPDATE_PASSWORD"), "details": {"code_id": "s1"}}, {**raw(0), "sessionId": "s0"}], [])
    assert [event.session for event in events_since(lists.page, NOW_MS)] == ["s0", "s1"]


def provider(*events: IdentityEvent) -> NullProvider:
    found = NullProvider(lambda: NOW_MS)
    found.events = list(events)
    return found


def event(number: int, at_ms: int) -> IdentityEvent:
    return IdentityEvent(f"e{number}", REGISTERED, f"u{number}", at_ms, None)


def test_news__read_again_from_where_it_ended__is_empty() -> None:
    source = provider(event(1, NOW_MS), event(2, NOW_MS + 5))
    first = identity_news(source, NOW_MS - 1, ())
    assert [one.sub for one in first.events] == ["u1", "u2"]
    assert identity_news(source, first.read_to_ms, first.seen).events == ()


def test_news__event_stored_late__is_found_within_the_overlap() -> None:
    source = provider(event(1, NOW_MS))
    first = identity_news(source, 0, ())
    source.events.append(event(2, NOW_MS - OVERLAP_MS + 1))
    assert [one.sub for one in identity_news(source, first.read_to_ms, first.seen).events] == ["u2"]


def test_news__killed_before_storing__is_read_again() -> None:
    source = provider(event(1, NOW_MS))
    assert identity_news(source, 0, ()).events == identity_news(source, 0, ()).events


def test_news__nothing__keeps_its_place() -> None:
    assert identity_news(provider(), NOW_MS, ("e1",)).read_to_ms == NOW_MS


def with_sessions(*started_ms: int) -> tuple[NullProvider, str]:
    found = provider()
    sub = found.create_user("anna@example.org", "Anna", "Verdi", "x")
    for number, at_ms in enumerate(started_ms):
        found.sessions[f"s{number}"] = (sub, IdentitySession(f"s{number}", at_ms, at_ms))
    return found, sub


def test_new_password__older_sessions__end_but_for_the_one_that_set_it() -> None:
    source, sub = with_sessions(NOW_MS - 10, NOW_MS - 5, NOW_MS + 1)
    changed = IdentityEvent("e", IdentityEventKind.PASSWORD_CHANGED, sub, NOW_MS, "s1")
    assert end_sessions_before(source, changed) == ["s0"]
    assert [one.session for one in source.sessions_of(sub)] == ["s1", "s2"]


def test_new_password__told_twice__ends_nothing_more() -> None:
    source, sub = with_sessions(NOW_MS - 10)
    changed = IdentityEvent("e", IdentityEventKind.PASSWORD_CHANGED, sub, NOW_MS, None)
    end_sessions_before(source, changed)
    assert end_sessions_before(source, changed) == []


def test_other_event__ends_no_session() -> None:
    source, sub = with_sessions(NOW_MS - 10)
    assert end_sessions_before(source, IdentityEvent("e", REGISTERED, sub, NOW_MS, None)) == []
