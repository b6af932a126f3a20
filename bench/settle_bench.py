"""100,000 members settled on a chain with a block every second, beside a bare script in the same run.

    python bench/settle_bench.py [--members 100000]    prints the table and writes bench/results/settle.md

* the bare script submits the same calldata, signed before the clock starts, and waits for the last receipt;
* ours starts from computed payouts: it plans and commits the chunks, signs the proposal, stores every transaction in
  the outbox of a database, opens the settlement, and pays all chunks, to the last receipt;
* one transaction a member with its receipt is measured on a sample of transfers, and extrapolated.

Both settle from the same snapshot of the chain, in turn.  Wallets are written into the token's storage as members
without balance, 5,000 in a request: joining 100,000 of them is not what is measured.  What the
calculation asks of each member, its wallet and that wallet's account, is measured beside it.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from eth_account import Account  # noqa: E402 - the root must be on the path first
from eth_utils.crypto import keccak  # noqa: E402 - as above

from bench.settle_chain import GAS_LIMIT, READS, Bench, prepare, questions_s  # noqa: E402 - as above
from gettone.chain.chunks import gas_of_chunk, payouts_per_chunk  # noqa: E402 - as above
from gettone.chain.contract import Call  # noqa: E402 - as above
from gettone.chain.local import CHAIN_ID  # noqa: E402 - as above
from gettone.chain.outbox.pace import Pace  # noqa: E402 - as above
from gettone.chain.outbox.planning import Planned  # noqa: E402 - as above
from gettone.chain.proposal import sign_proposal  # noqa: E402 - as above
from gettone.chain.transactions import Sender  # noqa: E402 - as above
from gettone.db.engine import Database  # noqa: E402 - as above
from gettone.db.repositories.transactions import DatabaseTransactionStore  # noqa: E402 - as above
from gettone.db.schema import upgrade  # noqa: E402 - as above
from gettone.notary.payouts import plan_payouts  # noqa: E402 - as above
from tests.factories.community import (  # noqa: E402 - as above
    september_proposal,
    throwaway_account,
)

RESULT = ROOT / "bench" / "results" / "settle.md"
WINDOW = 64
ROUNDS = 3
SAMPLE = 10
GOAL_BARE = 1.5
GOAL_ONE_BY_ONE = 10_000
BODY_BYTES = 1_000_000
OPEN_GAS = 400_000
PATIENCE_S = 30


def calls_of(bench: Bench) -> tuple[Call, list[Call]]:
    """The opening and the payments of the payouts, planned, committed and signed by the oracle."""
    community = bench.community
    ledger, client = community.contracts.ledger, community.client
    plan = plan_payouts(bench.amounts, payouts_per_chunk(client.block_gas_limit))
    proposal = september_proposal(
        community,
        total_units=plan.total_units,
        payouts_root=plan.root,
        chunk_count=len(plan.chunks),
        leaf_count=len(bench.amounts),
    )
    signature = sign_proposal(throwaway_account("oracle"), ledger.address, client.chain_id, proposal)
    pays = [ledger.pay(0, 0, number, chunk, plan.proofs[number]) for number, chunk in enumerate(plan.chunks)]
    return ledger.open(proposal, [signature]), pays


def signed(bench: Bench, calls: Sequence[Call], gas: Sequence[int]) -> list[str]:
    """Raw transactions of the oracle, in order."""
    account = Account.from_key(keccak(text="throw-away test key of oracle"))
    nonce = bench.community.client.nonce(account.address)
    return [
        "0x"
        + account.sign_transaction(
            {
                "nonce": nonce + at,
                "gasPrice": 0,
                "gas": limit,
                "to": call.to,
                "value": 0,
                "data": call.data,
                "chainId": CHAIN_ID,
            }
        ).raw_transaction.hex()
        for at, (call, limit) in enumerate(zip(calls, gas, strict=True))
    ]


def submit(bench: Bench, raw: Sequence[str]) -> None:
    """Send in as few requests as the node takes, and wait for the last receipt."""
    part: list[str] = []
    hashes: list[str] = []
    for one in raw:
        if part and sum(map(len, part)) + len(one) > BODY_BYTES:
            hashes += bench.many([("eth_sendRawTransaction", [each]) for each in part])
            part = []
        part.append(one)
    hashes += bench.many([("eth_sendRawTransaction", [each]) for each in part])
    deadline = time.monotonic() + PATIENCE_S
    while (receipt := bench.ask("eth_getTransactionReceipt", hashes[-1])) is None:
        if time.monotonic() > deadline:
            raise SystemExit("the local chain never mined the last chunk")
        time.sleep(0.02)
    if receipt["status"] != "0x1":
        raise SystemExit("the last chunk failed")


def bare_s(bench: Bench) -> float:
    """Seconds of the bare script."""
    bench.fresh()
    opening, pays = calls_of(bench)
    gas = [OPEN_GAS, *(gas_of_chunk(len(call.data) // 32) for call in pays)]
    raw = signed(bench, [opening, *pays], gas)
    return bench.timed(lambda: submit(bench, raw))


def ours_s(bench: Bench, number: int) -> float:
    """Seconds of the settlement from computed payouts to the last receipt."""
    bench.fresh()
    url = f"sqlite:///{bench.folder}/outbox{number}.sqlite"
    upgrade(url)
    database, client = Database(url), bench.community.client
    store = DatabaseTransactionStore(database, client.genesis_hash)
    pace = Pace(window=WINDOW, poll_s=0.02, timeout_s=PATIENCE_S)
    sender = Sender(client, throwaway_account("oracle"), store, pace)

    def settle() -> None:
        opening, pays = calls_of(bench)
        payments = [Planned(call, f"pay/{at}", gas_of_chunk(len(call.data) // 32)) for at, call in enumerate(pays)]
        sender.send_all([Planned(opening, "open"), *payments])

    seconds = bench.timed(settle)
    database.close()
    require_paid(bench)
    return seconds


def require_paid(bench: Bench) -> None:
    """Nobody is left out: the ledger says paid, and the supply is the sum."""
    total = sum(units for _, units in bench.amounts)
    supply = bench.community.contracts.token.total_supply()
    if bench.community.contracts.ledger.settlement(0, 0).state.name != "PAID" or supply != total:
        raise SystemExit(f"supply {supply} is not the total {total}")


def one_by_one_s(bench: Bench) -> float:
    """Seconds of one transaction with its receipt, on a sample."""
    bench.fresh()
    account = throwaway_account("oracle")
    call = Call("transfer", account.address, b"")
    raws = signed(bench, [call] * SAMPLE, [30_000] * SAMPLE)

    def send_each() -> None:
        for raw in raws:
            submit(bench, [raw])

    return bench.timed(send_each) / SAMPLE


def main() -> int:
    """Measure, print and keep the table; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--members", type=int, default=100_000)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        bench = prepare(Path(folder), options.members)
        try:
            pairs = [(bare_s(bench), ours_s(bench, number)) for number in range(ROUNDS)]
            single_s, questions = one_by_one_s(bench), questions_s(bench)
        finally:
            bench.community.chain.stop()
    bare, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(mine / theirs for theirs, mine in pairs)
    text = page(options.members, (bare, ours, ratio), single_s, questions)
    text += f"\nChain and wallets made in {bench.made_s:.0f} s; load of the machine before the run {load:.1f}.\n"
    print(text)
    if options.members == parser.get_default("members"):
        RESULT.write_text(text, encoding="utf-8")
    passed = ratio <= GOAL_BARE and single_s * options.members / ours >= GOAL_ONE_BY_ONE
    return 0 if passed else 1


def page(members: int, found: tuple[float, float, float], single_s: float, questions: tuple[float, float]) -> str:
    """The table of one run: seconds of both sides, and the median of the rounds' ratios."""
    bare, ours, ratio = found
    batches, each = questions
    rows = [
        "| what | seconds | ratio | goal |",
        "|---|---|---|---|",
        f"| bare script, calldata signed before | {bare:.2f} | 1 | |",
        f"| from computed payouts to the last receipt | {ours:.2f} | {ratio:.2f} | <= {GOAL_BARE} |",
        (
            f"| one transaction a member with receipt, {SAMPLE} measured, {members:,} extrapolated "
            f"| {single_s * members:,.0f} | {single_s * members / ours:,.0f} x slower | >= {GOAL_ONE_BY_ONE:,} x |"
        ),
        f"| wallet and account of every member, in batches | {batches:.1f} | 1 | |",
        f"| the same, each by itself, {READS} measured, extrapolated | {each:.0f} | {each / batches:.1f} x slower | |",
    ]
    head = (
        f"# Settling {members:,} members, a block every second\n\nMedians of {ROUNDS} rounds in turn, block gas limit "
        f"{GAS_LIMIT:,}, {WINDOW} transactions in flight; Python {platform.python_version()}, {os.cpu_count()} cores.\n"
    )
    return head + "\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
