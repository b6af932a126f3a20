"""What the job `identity-sync` reads every 30 s: the provider calls nobody but for logout (specification §2).

Reading and acting are apart: the job stores how far it came together with what it did, so that a killed one reads
again what it had read, and every act may be repeated.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from gettone.identity.provider import IdentityEvent, IdentityEventKind, IdentityProvider

# An event may be stored a little after its time: the last seconds are read again, and known events passed over.
OVERLAP_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class IdentityNews:
    """New events, oldest first, and where the next reading begins: `read_to_ms` [unix ms] and the ids seen there."""

    events: tuple[IdentityEvent, ...]
    read_to_ms: int
    seen: frozenset[str]


def identity_news(provider: IdentityProvider, read_to_ms: int, seen: Collection[str]) -> IdentityNews:
    """What happened to users since `read_to_ms`, without the events whose ids are in `seen`."""
    known = frozenset(seen)
    read = list(provider.events_since(max(read_to_ms - OVERLAP_MS, 0)))
    fresh = tuple(event for event in read if event.event_id not in known)
    last_ms = max((event.at_ms for event in read), default=read_to_ms)
    return IdentityNews(fresh, max(last_ms, read_to_ms), frozenset(event.event_id for event in read))


def end_sessions_before(provider: IdentityProvider, event: IdentityEvent) -> list[str]:
    """After a new password, end the user's sessions but the one that set it; the sessions that were ended (F15)."""
    if event.kind is not IdentityEventKind.PASSWORD_CHANGED:
        return []
    old = [
        one.session
        for one in provider.sessions_of(event.sub)
        if one.session != event.session and one.started_ms <= event.at_ms
    ]
    for session in old:
        provider.end_session(session)
    return old
