"""Input object of `gettone gse share`: what came in, the rules of the set, and what the keys read (§6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gettone.errors import InputError
from gettone.rewards.fields import Fields
from gettone.rewards.sharing_keys import GAMES, KEYS, SharingHour, SharingMember

CENTS_MAX = 2**53
WH_MAX = 2**62
THRESHOLDS_PERMILLE = (450, 550)

_CODE = "gse_field"


@dataclass(frozen=True, slots=True)
class BonusInput:
    """One period of one set.

    premium_cents T, valorisation_cents V: what GSE paid.
    excess_cents: GSE's own excess X, or None: then X follows from the three figures after it.
    incentivised_shared_wh E, incentivised_injected_wh I, threshold_permille: 550, or 450 with a capital grant.
    excess_to: "consumers" (those that are no enterprises) or "social_fund".
    fixed_cost_cents, cost_permille: costs of the community.  producer_permille: part of producers in the rest.
    producer_key, consumer_key: one of the sharing keys.  members: in bytewise order of their ids.
    hours: hourly energies for the keys that play a game.
    """

    premium_cents: int
    valorisation_cents: int
    excess_cents: int | None
    incentivised_shared_wh: int
    incentivised_injected_wh: int
    threshold_permille: int
    excess_to: str
    fixed_cost_cents: int
    cost_permille: int
    producer_permille: int
    producer_key: str
    consumer_key: str
    members: tuple[SharingMember, ...]
    hours: tuple[SharingHour, ...]


def parse_bonus(document: Mapping[str, Any]) -> BonusInput:
    """Read the input object; InputError `gse_field` names the field that is wrong."""
    fields = Fields(document, _CODE)
    premium_cents = fields.integer("premium_cents", 0, CENTS_MAX)
    excess_is_given = fields.has("excess_cents")
    bonus = BonusInput(
        premium_cents=premium_cents,
        valorisation_cents=fields.integer("valorisation_cents", 0, CENTS_MAX),
        excess_cents=fields.integer("excess_cents", 0, premium_cents) if excess_is_given else None,
        incentivised_shared_wh=0 if excess_is_given else fields.integer("incentivised_shared_wh", 0, WH_MAX),
        incentivised_injected_wh=0 if excess_is_given else fields.integer("incentivised_injected_wh", 0, WH_MAX),
        threshold_permille=0 if excess_is_given else _read_threshold(fields),
        excess_to=fields.word("excess_to", ("consumers", "social_fund"), "consumers"),
        fixed_cost_cents=fields.integer("fixed_cost_cents", 0, CENTS_MAX, 0),
        cost_permille=fields.integer("cost_permille", 0, 1000, 0),
        producer_permille=fields.integer("producer_permille", 0, 1000),
        producer_key=fields.word("producer_key", KEYS),
        consumer_key=fields.word("consumer_key", KEYS),
        members=_read_members(fields),
        hours=tuple(_read_hour(hour, number) for number, hour in enumerate(fields.items("hours"))),
    )
    fields.finish()
    _check_hours(bonus)
    return bonus


def _read_threshold(fields: Fields) -> int:
    threshold = fields.integer("threshold_permille", 0, 1000)
    if threshold not in THRESHOLDS_PERMILLE:
        raise fields.refuse("threshold_permille", f"is {threshold}, and must be 550, or 450 with a capital grant")
    return threshold


def _read_members(fields: Fields) -> tuple[SharingMember, ...]:
    members = [_read_member(member, number) for number, member in enumerate(fields.items("members"))]
    members.sort(key=lambda member: member.member_id.encode())
    for one, other in pairwise(members):
        if one.member_id == other.member_id:
            raise fields.refuse("members", f"holds {one.member_id!r} twice")
    return tuple(members)


def _read_member(document: Any, number: int) -> SharingMember:
    fields = Fields(document, _CODE, f"members[{number}]")
    member = SharingMember(
        member_id=fields.text("member_id"),
        is_producer=fields.flag("producer", default=False),
        is_consumer=fields.flag("consumer", default=True),
        is_enterprise=fields.flag("enterprise", default=False),
        fixed_share=fields.integer("fixed_share", 0, WH_MAX, 0),
        withdrawn_wh=fields.integer("withdrawn_wh", 0, WH_MAX, 0),
        shared_withdrawn_wh=fields.integer("shared_withdrawn_wh", 0, WH_MAX, 0),
        shared_injected_wh=fields.integer("shared_injected_wh", 0, WH_MAX, 0),
    )
    fields.finish()
    return member


def _read_hour(document: Any, number: int) -> SharingHour:
    fields = Fields(document, _CODE, f"hours[{number}]")
    hour = SharingHour(fields.amounts("withdrawn_wh", WH_MAX), fields.amounts("injected_wh", WH_MAX))
    fields.finish()
    return hour


def _check_hours(bonus: BonusInput) -> None:
    asked = [key for key in (bonus.producer_key, bonus.consumer_key) if key in GAMES]
    if asked and not bonus.hours:
        raise InputError(_CODE, f"hours is required and missing: the key {asked[0]} reads hourly energies")
    known = {member.member_id for member in bonus.members}
    for number, hour in enumerate(bonus.hours):
        strangers = sorted((hour.withdrawn_wh.keys() | hour.injected_wh.keys()) - known)
        if strangers:
            raise InputError(_CODE, f"hours[{number}] holds {strangers[0]!r}, which is no member of the set")
