"""What must hold of the chain's own events, and between them and the chain's state, at one block."""

from typing import Any

from gettone.chain.contract_set import CommunityContracts
from gettone.chain.index.rpc import NodeRefusal, NodeRpc, Question
from gettone.errors import Unreachable
from oracle.reconcile.books import Books, total_of
from oracle.reconcile.findings import Findings, Kind


def check_supply(contracts: CommunityContracts, books: Books, block: int, findings: Findings) -> int:
    """Supply = paid + issued - burned = credited less destroyed = sum of balances; returns the supply [base units]."""
    supply = contracts.token.total_supply(block_identifier=block)
    treasury, where = contracts.treasury, f"events up to block {block}"
    balances = sum(books.balances.values())
    findings.differ(Kind.SUPPLY, "sum of all balances by the events", supply, balances, where)
    kept = books.paid_units + books.issued_units - books.burned_units
    findings.differ(Kind.SUPPLY, "paid + issued - burned", supply, kept, where)
    issued = treasury.total_issued_units(block_identifier=block)
    findings.differ(Kind.SUPPLY, "units issued by the Treasury", issued, books.issued_units, where)
    burned = treasury.total_burned_units(block_identifier=block)
    findings.differ(Kind.SUPPLY, "units burned by the Treasury", burned, books.burned_units, where)
    return supply


def check_escrow(books: Books, findings: Findings) -> None:
    """What the exchange holds is what the agreements hold that are not over."""
    held = books.balances.get(books.exchange, 0)
    findings.differ(
        Kind.ESCROW,
        "units in escrow",
        sum(books.escrow.values()),
        held,
        f"balance of the ServiceExchange {books.exchange}",
    )


def check_ledger(books: Books, findings: Findings) -> None:
    """The chunks of each settlement add up to what the ledger said when it was paid, and that to its total."""
    for key, settlement in books.settlements.items():
        if settlement.final is None:
            continue
        where = f"events of period {key[0]} revision {key[1]}"
        sums = (settlement.credited_units, settlement.skipped_units)
        findings.differ(Kind.LEDGER_SUMS, "units credited and skipped by all chunks", settlement.final, sums, where)
        ended = sum(settlement.final) + settlement.voided_units
        findings.differ(Kind.LEDGER_SUMS, "units paid, skipped and voided", total_of(settlement), ended, where)


def check_balances_on_chain(contracts: CommunityContracts, books: Books, block: int, findings: Findings) -> int:
    """Each balance that the events give is the one the token states; returns how many were asked."""
    token = contracts.token
    wallets = sorted(books.balances)
    selector = token.contract.call("balanceOf", token.address).data[:4].hex()
    questions = [
        Question("eth_call", ({"to": token.address, "data": f"0x{selector}{wallet[2:].lower():0>64}"}, hex(block)))
        for wallet in wallets
    ]
    answers = NodeRpc(contracts.client.rpc_url).ask_all(questions)
    for wallet, answer in zip(wallets, answers, strict=True):
        stated = _number(answer, block)
        findings.differ(
            Kind.BALANCE_ON_CHAIN,
            f"balance of {wallet} by its events",
            stated,
            books.balances[wallet],
            f"block {block}",
        )
    return len(wallets)


def _number(answer: Any, block: int) -> int:
    if isinstance(answer, NodeRefusal):
        raise Unreachable(
            "state_unknown",
            f"the node does not tell the balances of block {block} ({answer}): use a node that keeps old states, "
            "or leave --at-block out and index up to the head first",
        )
    return int(answer, 16)
