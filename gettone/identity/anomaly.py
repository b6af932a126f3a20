"""How unusual a login is, by where it comes from, with what and when (identity and API specification, F14).

Each of the three features of a login adds -log2((n + 1) / (N + 2)) bits, where n of the last N <= 50 sessions had the
same value: what was always so adds nothing, what never was adds most.
"""

import ipaddress
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LAST_SESSIONS = 50
BANDS = 4
MAIL_MILLIBITS, FACTOR_MILLIBITS, END_MILLIBITS = 4_000, 8_000, 16_000
FEW_SESSIONS, MANY_SESSIONS = 5, 20
_FAMILIES = (
    ("edge", re.compile(r"\bedg(e|a|ios)?/", re.IGNORECASE)),
    ("firefox", re.compile(r"\b(firefox|fxios)/", re.IGNORECASE)),
    ("chrome", re.compile(r"\b(chrome|chromium|crios)/", re.IGNORECASE)),
    ("safari", re.compile(r"\bsafari/", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """The features of a login: `place` is a keyed hash of the network, `agent` a family, `band` a part of the day."""

    place: bytes
    agent: str
    band: int


class Verdict(StrEnum):
    """What follows from a login."""

    USUAL = "usual"
    MAIL = "mail"
    FACTOR = "factor"
    END = "end"


def surprise_millibits(earlier: Sequence[Visit], visit: Visit) -> int:
    """How unusual a login is beside the last ones of the same person [1/1000 bit], the newest first.

    >>> known = [Visit(b"home", "firefox", 1)] * 20
    >>> surprise_millibits(known, Visit(b"away", "chrome", 1))
    8986
    """
    last = earlier[:LAST_SESSIONS]
    counts = (
        sum(one.place == visit.place for one in last),
        sum(one.agent == visit.agent for one in last),
        sum(one.band == visit.band for one in last),
    )
    return round(sum(-1000 * math.log2((count + 1) / (len(last) + 2)) for count in counts))


def verdict(millibits: int, sessions: int) -> Verdict:
    """What follows from a surprise after so many sessions; the first few say little, so they are only mailed."""
    if millibits >= END_MILLIBITS and sessions >= MANY_SESSIONS:
        return Verdict.END
    if millibits >= FACTOR_MILLIBITS and sessions >= FEW_SESSIONS:
        return Verdict.FACTOR
    return Verdict.MAIL if millibits >= MAIL_MILLIBITS else Verdict.USUAL


def network_of(address: str) -> str:
    """The network of an address, /24 of IPv4 and /48 of IPv6; the text itself for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))


def family_of(agent: str) -> str:
    """The family of a browser; `other` for anything else."""
    return next((name for name, pattern in _FAMILIES if pattern.search(agent)), "other")


def band_of(at_ms: int) -> int:
    """The quarter of the day in UTC, 0 to 3."""
    return at_ms // 1000 % 86_400 * BANDS // 86_400
