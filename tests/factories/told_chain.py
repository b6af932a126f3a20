"""Events of a token economy without a chain, told one transaction after the other, and an index that holds them."""

from typing import Any

from eth_utils.address import to_checksum_address

from gettone.chain.index.events import ChainEvent
from gettone.chain.index.ranges import Block
from gettone.db.engine import Database
from gettone.db.repositories.chain_index import ChainIndex, CursorRow, bytes_of
from gettone.db.repositories.token_book import TokenBookRows
from gettone.economy.book import TokenBook, named_in, units_by_holder
from gettone.economy.reasons import SystemWallets
from oracle.index.movements import moved, movements_of

TREASURY, EXCHANGE = (to_checksum_address("0x" + one * 20) for one in ("7e", "e5"))
TOKEN = to_checksum_address("0x" + "70" * 20)
AGREEMENT = "0x" + "99" * 32
SYSTEM = SystemWallets(TREASURY, EXCHANGE)
START_S = 1_799_000_000
BLOCK_S = 5
TOPICS = {
    "SettlementOpened": ("periodIndex", "revision"),
    "Issued": ("year",),
    "WelcomeBonusGranted": ("memberId",),
    "WelcomeBonusPaid": ("memberId",),
}
Told = tuple[str, str, dict[str, Any]]


def wallet_of(number: int) -> str:
    """An address nobody has a key for."""
    return str(to_checksum_address(f"0x{0xA0000 + number:040x}"))


def transfer(sender: str, to: str, units: int) -> Told:
    return ("CommunityToken", "Transfer", {"from": sender, "to": to, "value": str(units)})


def fee(sender: str, to: str, amount: int, units: int, flow: int = 0) -> Told:
    args = {"from": sender, "to": to, "amount": str(amount), "fee": str(units), "flow": flow}
    return ("CommunityToken", "FeeCharged", args)


def chunk_paid(period: int = 3, revision: int = 1) -> Told:
    args = {"periodIndex": period, "revision": revision, "chunk": 0, "credited": "0", "skipped": "0"}
    return ("SettlementLedger", "ChunkPaid", args)


def opened(period: int, revision: int, model_version: int) -> Told:
    proposal = {"modelVersion": model_version, "periodStart": "0", "periodEnd": "86400", "total": "0"}
    return ("SettlementLedger", "SettlementOpened", {"periodIndex": period, "revision": revision, "proposal": proposal})


def treasury(event: str, **args: Any) -> Told:
    return ("Treasury", event, args)


def policy(event: str, valid_from_s: int, **args: Any) -> Told:
    return ("TokenPolicy", event, {"validFrom": str(valid_from_s), **args})


def deal(event: str, agreement: str = AGREEMENT, **args: Any) -> Told:
    return ("ServiceExchange", event, {"agreementId": agreement, **args})


def account(wallet: str, member_class: int = 1, status: int = 1) -> Told:
    return ("CommunityToken", "AccountSet", {"wallet": wallet, "class": member_class, "status": status})


def joined(member_id: str, wallet: str, member_class: int = 1) -> list[Told]:
    """What the chain says when a member joins."""
    args = {"memberId": "0x" + member_id, "wallet": wallet, "class": member_class}
    return [("MemberRegistry", "MemberJoined", args), account(wallet, member_class)]


def founded() -> list[Told]:
    """What the chain says when the contracts are bound."""
    return [account(TREASURY, 3), account(EXCHANGE, 3, 3)]


def events_of(*transactions: list[Told], first_block: int = 7) -> list[ChainEvent]:
    """The events of transactions, each in a block of its own."""
    found = []
    for number, told in enumerate(transactions, start=first_block):
        for log, (contract, event, args) in enumerate(told):
            hashes = ("0x" + f"bb{number:062x}", "0x" + f"{number:064x}")
            topics = tuple(_word(args.get(name, "0x")) for name in TOPICS.get(event, ()))
            found.append(ChainEvent(number, log, *hashes, contract, event, topics, args))
    return found


def _word(value: Any) -> str:
    return f"0x{value:064x}" if isinstance(value, int) else "0x" + value[2:].rjust(64, "0")


def tell(database: Database, community_id: int, *transactions: list[Told]) -> None:
    """Put transactions into the index of a community, behind what it holds, as the indexer does."""
    with database.write() as connection:
        index, rows = ChainIndex(connection, community_id), TokenBookRows(connection, community_id)
        before = index.cursor()
        events = events_of(*transactions, first_block=before.block_number + 1 if before else 1)
        blocks = [
            Block(number, block_hash, START_S + BLOCK_S * number)
            for number, block_hash in sorted({(one.block_number, one.block_hash) for one in events})
        ]
        last, count = blocks[-1], (before.event_count if before else 0) + len(events)
        after = CursorRow(TOKEN, last.number, bytes_of(last.hash), last.time_s, count, 0)
        index.move(before, after)
        index.add_blocks(blocks)
        index.add_events(events)
        named, movements = named_in(events), movements_of(events)
        wallets = rows.wallets(named.wallets)
        held = {wallet: one.units for wallet, one in index.balances([*(named.wallets | wallets.keys())]).items()}
        index.put_balances(moved(index.balances(list(movements)), movements))
        book = TokenBook(SYSTEM, wallets, rows.agreements(named.agreements), units_by_holder(wallets, held))
        book.apply(events)
        rows.store(book)
