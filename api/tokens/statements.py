"""Lines of statements and movements of a community, page by page or as files."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import pyarrow as pa
from fastapi import Response
from pydantic import BaseModel

from api.access import Access
from api.context import ApiContext
from api.formats import Exported, export_answer
from api.instants import instant_text
from api.pages import Paging
from api.ranges import scopes_of
from api.refusals import Invalid
from api.tokens.repository import TokenRepository
from api.tokens.schemas import EntryBody, EntryFilters, MovementBody, RewardBody
from api.tokens.service import whole_second
from gettone.db.repositories.statements import Between, Place, StatementRow
from gettone.economy.book import WalletRecord
from gettone.economy.circulation import MEMBER_BYTES
from gettone.economy.reasons import Reason

MAX_EXPORTED = 100_000
_AGREEMENTS = (Reason.ESCROW, Reason.PAYMENT, Reason.REFUND, Reason.INCENTIVE)
Body = TypeVar("Body", bound=BaseModel)
Lines = tuple[list[StatementRow], list[Body]]


def read_statement(
    context: ApiContext, access: Access, member: str, filters: EntryFilters, paging: Paging, response: Response
) -> Response:
    """A member's statement, the latest line first: a page of it, or all of it as a file."""
    between = _between(filters, None, None)

    def read(
        repository: TokenRepository, place: Place | None, limit: int
    ) -> tuple[list[StatementRow], list[EntryBody]]:
        rows = repository.entries(member, between, place, limit)
        proposals, memos = repository.proposals(rows), repository.memos(rows)
        return rows, [_entry(row, proposals, memos.get(row.tx_hash)) for row in rows]

    return _answer(context, access, read, filters, paging, response, EntryBody)


def read_transfers(
    context: ApiContext, access: Access, filters: EntryFilters, paging: Paging, response: Response
) -> Response:
    """Movements of a community within the caller's range of data, the latest first."""
    between = _between(filters, *_range_of(access))

    def read(repository: TokenRepository, place: Place | None, limit: int) -> Lines[MovementBody]:
        rows = repository.transfers(between, place, limit)
        holders = repository.holders({one.counterparty for one in rows if one.counterparty})
        return rows, [_movement(row, holders, access.is_pseudonymous) for row in rows]

    return _answer(context, access, read, filters, paging, response, MovementBody)


def _answer(
    context: ApiContext,
    access: Access,
    read: Callable[[TokenRepository, Place | None, int], Lines[Body]],
    filters: EntryFilters,
    paging: Paging,
    response: Response,
    kind: type[Body],
) -> Response:
    is_page = filters.output == "json"
    place = None if paging.after is None else (int(paging.after[0]), int(paging.after[1]))
    with context.database.read() as connection:
        repository = TokenRepository(connection, access.where.community_id)
        repository.cursor()
        rows, bodies = read(repository, place, paging.fetch if is_page else MAX_EXPORTED + 1)
    if is_page:
        page = paging.page(response, bodies, [(row.block_number, row.log_index) for row in rows])
        return Response(page.model_dump_json(), headers=dict(response.headers), media_type="application/json")
    if len(rows) > MAX_EXPORTED:
        fields = (("/query/from", "range_too_large"),)
        raise Invalid("range_too_large", f"more than {MAX_EXPORTED} lines: ask for parts of them", fields=fields)
    return export_answer(_table([one.model_dump(mode="json") for one in bodies], kind), filters.output, b"")


def _between(filters: EntryFilters, first_s: int | None, end_s: int | None) -> Between:
    """What is asked for, and no more than from `first_s` to `end_s`."""
    asked = (None if filters.start is None else whole_second(filters.start), first_s)
    until = (None if filters.to is None else whole_second(filters.to), end_s)
    from_s = max((one for one in asked if one is not None), default=None)
    to_s = min((one for one in until if one is not None), default=None)
    if from_s is not None and to_s is not None and from_s >= to_s and filters.start and filters.to:
        fields = (("/query/to", "range"),)
        raise Invalid("invalid", "the range is empty or reversed: from must be before to", fields=fields)
    return Between(from_s, to_s, tuple(one.value for one in filters.reason))


def _range_of(access: Access) -> tuple[int | None, int | None]:
    """The range [unix s] that the caller's rights reach, from the earliest beginning to the latest end."""
    scopes = scopes_of(access)
    firsts, ends = [one.from_ms for one in scopes], [one.to_ms for one in scopes]
    first_ms = min((one for one in firsts if one is not None), default=None)
    end_ms = max((one for one in ends if one is not None), default=None)
    return (
        None if None in firsts or first_ms is None else first_ms // 1000,
        None if None in ends or end_ms is None else end_ms // 1000,
    )


def _entry(row: StatementRow, proposals: Mapping[str, Mapping[str, Any]], memo: str | None) -> EntryBody:
    is_about = (
        row.subject if row.reason in _AGREEMENTS or (row.reason == Reason.FEE and _is_hash(row.subject)) else None
    )
    rewarded = row.subject if row.reason in (Reason.REWARD, Reason.FEE) and not _is_hash(row.subject) else None
    change = row.change_units
    return EntryBody(
        at=instant_text(row.time_s * 1000),
        reason=Reason(row.reason),
        change_units=change,
        net_units=change if change >= 0 else -change - row.fee_units,
        fee_units=row.fee_units,
        balance_units=row.balance_units,
        counterparty=row.counterparty,
        reward=None if rewarded is None else _reward(rewarded, proposals.get(rewarded)),
        agreement=is_about,
        reference=row.subject if row.reason in (Reason.SALE, Reason.ENERGY_BONUS) else None,
        memo=memo,
        block_number=row.block_number,
        log_index=row.log_index,
        tx_hash="0x" + row.tx_hash.hex(),
    )


def _is_hash(subject: str | None) -> bool:
    return subject is not None and subject.startswith("0x")


def _reward(period: str, proposal: Mapping[str, Any] | None) -> RewardBody:
    index, _, revision = period.partition(".")
    return RewardBody(
        period_index=int(index),
        revision=int(revision),
        model_version=None if proposal is None else int(proposal["modelVersion"]),
        period_start=None if proposal is None else instant_text(int(proposal["periodStart"]) * 1000),
        period_end=None if proposal is None else instant_text(int(proposal["periodEnd"]) * 1000),
        proof=period,
    )


def _movement(row: StatementRow, holders: Mapping[str, WalletRecord], is_pseudonymous: bool) -> MovementBody:
    other = None if row.counterparty is None else holders.get(row.counterparty)
    ends = [(row.counterparty, None if other is None else other.holder), (None, row.holder)]
    if row.change_units < 0:
        ends.reverse()
    (sender, giver), (receiver, taker) = ends
    return MovementBody(
        at=instant_text(row.time_s * 1000),
        reason=Reason(row.reason),
        net_units=max(row.change_units, 0) if row.counterparty else abs(row.change_units),
        fee_units=row.fee_units,
        sender=None if is_pseudonymous else sender,
        receiver=None if is_pseudonymous else receiver,
        sender_member=_member(giver),
        receiver_member=_member(taker),
        subject=row.subject,
        block_number=row.block_number,
        log_index=row.log_index,
        tx_hash="0x" + row.tx_hash.hex(),
    )


def _member(holder: bytes | None) -> str | None:
    return holder.hex() if holder is not None and len(holder) == MEMBER_BYTES else None


def _table(rows: Sequence[Mapping[str, Any]], kind: type[BaseModel]) -> Exported:
    """A table of flat columns: what is nested becomes `reward_revision`; amounts stay decimal text."""
    names: dict[str, tuple[str, ...]] = {}
    for name in kind.model_fields:
        if name == "reward":
            names |= {("proof" if one == "proof" else f"reward_{one}"): (name, one) for one in RewardBody.model_fields}
        else:
            names[name] = (name,)
    columns = {name: [_at(row, path) for row in rows] for name, path in names.items()}
    types = {name: pa.int64() if _is_number(name) else pa.string() for name in names}
    return Exported(types, columns)


def _at(row: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = row
    for name in path:
        value = None if value is None else value[name]
    return value


def _is_number(name: str) -> bool:
    return name in ("block_number", "log_index", "reward_period_index", "reward_revision", "reward_model_version")
