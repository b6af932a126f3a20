"""Figures of a token, each with the block it is true at."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.access import Access
from api.context import ApiContext
from api.instants import instant_text
from api.refusals import Invalid, Unavailable
from api.tokens.repository import TokenRepository
from api.tokens.schemas import (
    ActivityBody,
    BalanceBody,
    BlockBody,
    CirculationBody,
    Span,
    TokenBody,
    TransferFeesBody,
)
from gettone.chain.consent import AccountStatus
from gettone.db.repositories.chain_index import CursorRow
from gettone.economy.circulation import Circulation
from gettone.economy.policy import Published, rules_at

DECIMALS = 18
WAIT_S, LOOK_AGAIN_S = 5.0, 0.1
LONGEST_SPAN_S = 366 * 86_400


def read_token(context: ApiContext, access: Access) -> TokenBody:
    """The token of a community: supply and fees of the indexed block."""
    with context.database.read() as connection:
        repository = TokenRepository(connection, access.where.community_id)
        cursor, supply, published = repository.cursor(), repository.supply_units(), repository.fees()
    rules = rules_at(published, cursor.time_s)
    spec = _spec(context, access.where.slug)
    return TokenBody(
        name=spec.get("token_name"),
        symbol=spec.get("token_symbol"),
        decimals=DECIMALS,
        supply_units=supply,
        fees=_fees(rules.current),
        scheduled_fees=_fees(rules.scheduled),
        block=block_body(cursor),
    )


def read_balance(context: ApiContext, access: Access, member: str, min_block: int | None) -> BalanceBody:
    """A member's balance at the indexed block, once that is `min_block`; Unavailable `index_behind` after 5 s."""
    deadline = time.monotonic() + WAIT_S
    while True:
        with context.database.read() as connection:
            repository = TokenRepository(connection, access.where.community_id)
            cursor = repository.cursor()
            if min_block is None or cursor.block_number >= min_block:
                return _balance(repository, cursor, member)
        if time.monotonic() >= deadline:
            raise Unavailable(
                "index_behind",
                f"block {min_block} is not indexed yet, block {cursor.block_number} is: ask again in a moment",
            )
        time.sleep(LOOK_AGAIN_S)


def _balance(repository: TokenRepository, cursor: CursorRow, member: str) -> BalanceBody:
    wallets = repository.wallets(member)
    present = [name for name, one in wallets.items() if one.status != AccountStatus.NONE]
    return BalanceBody(
        units=repository.balance_units(wallets),
        pending_units=repository.pending_units(list(wallets), cursor.block_number),
        carry_over_units=repository.carry_over_units(member),
        wallet=present[-1] if present else None,
        block_number=cursor.block_number,
        block_hash="0x" + bytes(cursor.block_hash).hex(),
        block_time=instant_text(cursor.time_s * 1000),
    )


def read_circulation(context: ApiContext, access: Access, span: Span) -> CirculationBody:
    """How the token circulated in a span of at most 366 days that the index has reached."""
    from_s, to_s = whole_second(span.start), whole_second(span.to)
    if not 0 < to_s - from_s <= LONGEST_SPAN_S:
        code = "range" if to_s <= from_s else "range_too_large"
        reason = "the range is empty or reversed" if to_s <= from_s else "the range is longer than 366 days"
        raise Invalid(
            "invalid" if code == "range" else code, f"{reason}: mend from and to", fields=(("/query/to", code),)
        )
    with context.database.read() as connection:
        repository = TokenRepository(connection, access.where.community_id)
        cursor, figures = repository.cursor(), repository.circulation(from_s, to_s)
    return _circulation(figures, from_s, to_s, cursor)


def block_body(cursor: CursorRow) -> BlockBody:
    """The block of a cursor."""
    block_hash = "0x" + bytes(cursor.block_hash).hex()
    return BlockBody(number=cursor.block_number, hash=block_hash, time=instant_text(cursor.time_s * 1000))


def whole_second(instant: datetime) -> int:
    """The unix second of an instant, rounded up, as blocks have no parts of seconds."""
    return -int(-instant.timestamp() // 1)


def _spec(context: ApiContext, slug: str) -> dict[str, str]:
    communities = context.chain.deployment.communities if context.chain else {}
    return dict(communities[slug].spec) if slug in communities else {}


def _fees(published: Published[Mapping[str, Any]] | None) -> TransferFeesBody | None:
    if published is None:
        return None
    given, giver = published.value, ("citizen", "stakeholder")
    rates = {
        f"{one}_to_{other}_bps": int(given[f"transfer{one.title()}To{other.title()}"])
        for one in giver
        for other in giver
    }
    return TransferFeesBody(valid_from=instant_text(published.valid_from_s * 1000), **rates)


def _circulation(figures: Circulation, from_s: int, to_s: int, cursor: CursorRow) -> CirculationBody:
    return CirculationBody(
        start=instant_text(from_s * 1000),
        end=instant_text(to_s * 1000),
        volume_units=figures.volume_units,
        transfer_count=figures.transfer_count,
        fee_units=figures.fee_units,
        average_held_units=figures.average_held_units,
        velocity_permille=figures.velocity_permille,
        holders=figures.holders,
        active_members=figures.active_members,
        supply_units=figures.supply_units,
        share_permille=dict(figures.share_permille),
        top_tenth_permille=figures.top_tenth_permille,
        given_units=dict(figures.given_units),
        categories=[
            ActivityBody(
                category=number,
                agreements=one.agreements,
                paid_units=one.paid_units,
                incentive_units=one.incentive_units,
            )
            for number, one in figures.categories.items()
        ],
        block=block_body(cursor),
    )
