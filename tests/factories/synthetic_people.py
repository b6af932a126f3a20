"""A synthetic community of nine members: people, periods, readings and models.

All keys, ids and wallets are throw-away, derived from fixed texts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from gettone.notary.leaves import ZERO_ADDRESS
from gettone.notary.verify.chain_view import ChainScope
from gettone.periods import period_of_dates
from gettone.rewards.inputs import Community, Membership, Series
from gettone.types import SettlementPeriod

Readings = list[tuple[int | None, int]]

COMMUNITY = "synthetic"
SLOT_S = 3600
MEMBERS = 9
NO_WALLET, SKIPPED, CHARGED = 8, 2, 4
SUBJECT = SKIPPED
PERIOD_CAP_UNITS, MEMBER_CAP_UNITS = 10**12, 10**11

MODELS: dict[int, dict[str, Any]] = {
    1: {"kind": "self_consumption", "mode": "pool", "budget_units": 10**9},
    2: {
        "kind": "combined",
        "mode": "pool",
        "budget_units": 10**9,
        "self_consumption_weight_permille": 600,
        "no_peaks": {"limit_mode": "percentile"},
    },
}


def throw_away(text: str) -> bytes:
    """32 bytes that anybody can derive: a key or hash for tests alone."""
    return sha256(f"throw-away {text}".encode()).digest()


def person(number: int) -> "Person":
    """Member `number` of the community."""
    wallet = ZERO_ADDRESS if number == NO_WALLET else throw_away(f"wallet {number}")[:20]
    return Person(number, throw_away(f"member {number}"), throw_away(f"K_my {number}"), wallet, f"IT001E{number:08}")


@dataclass(frozen=True)
class Person:
    """One member: id, yearly key, wallet and POD, all throw-away."""

    number: int
    member_id: bytes
    k_my: bytes
    wallet: bytes
    pod: str

    @property
    def device(self) -> str:
        return f"meter {self.number}"


def class_of(one: Person, stakeholders: frozenset[int]) -> int:
    """Class on chain: 1 citizen, 2 stakeholder."""
    return 2 if one.number in stakeholders else 1


PEOPLE = tuple(sorted((person(number) for number in range(MEMBERS)), key=lambda one: one.member_id))
K_CY = throw_away("K_cy")
TREASURY, POLICY = throw_away("treasury")[:20], throw_away("policy")[:20]
SCOPE = ChainScope(
    1981,
    throw_away("genesis"),
    throw_away("ledger")[:20],
    COMMUNITY,
    throw_away("token")[:20],
    throw_away("models")[:20],
)


def period(index: int) -> SettlementPeriod:
    """Period 0 is 1 to 15 June 2026, period 1 the two days after, in Rome."""
    bounds = [(date(2026, 6, 1), date(2026, 6, 16)), (date(2026, 6, 16), date(2026, 6, 18))]
    return period_of_dates(*bounds[index], "Europe/Rome")


def reading_wh(number: int, start_s: int) -> int | None:
    """Net energy of one hour: homes of odd number inject around noon; now and then a reading is missing."""
    digest = sha256(f"{number} {start_s}".encode()).digest()
    if digest[0] < 2:
        return None
    hour = start_s // 3600 % 24
    return digest[1] * 4 + 200 - (1500 if number % 2 and 8 <= hour <= 13 else 0)


def values_of(
    one: Person, when: SettlementPeriod, changes: Mapping[tuple[int, int], tuple[int, int]], interval_s: int = SLOT_S
) -> Readings:
    """Readings of one member in a period; `changes` maps (member number, slot) to a corrected reading."""
    values: Readings = []
    for slot, start_s in enumerate(range(when.start_s, when.end_s, interval_s)):
        wh = reading_wh(one.number, start_s)
        values.append(changes.get((one.number, slot), (wh, 0 if wh is None else 1)))
    return values


def community_of(parts: Sequence[tuple[SettlementPeriod, Mapping[int, Readings]]], interval_s: int) -> Community:
    """The community as the reward engine reads it; `parts` are the readings of periods, by member number."""
    series = {}
    for one in PEOPLE:
        readings: dict[int, int] = {}
        for when, values in parts:
            starts = range(when.start_s, when.end_s, interval_s)
            readings |= {
                start_s: wh for start_s, (wh, _) in zip(starts, values[one.number], strict=True) if wh is not None
            }
        series[one.device] = Series(one.device, interval_s, readings)
    members = tuple(Membership(one.member_id.hex(), one.device, None, None, 3000, one.pod) for one in PEOPLE)
    return Community(series, members, "none")
