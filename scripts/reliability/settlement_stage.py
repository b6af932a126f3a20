"""A village on a local chain, prepared once: each trial starts from the same chain and the same database."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from gettone.chain.client import connect
from gettone.chain.contract_set import open_community
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.chain.transactions import Sender
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.settlement_heads import SettlementHeads
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.transactions import DatabaseTransactionStore
from gettone.db.schema import upgrade
from oracle.settle import commitment
from oracle.settle.context import SettlementContext
from oracle.settle.job import run_settlement
from oracle.settle.resume import resume
from oracle.settle.revise import speak_for_revision
from tests.factories.community import CHAIN_START_S, throwaway_account
from tests.factories.village import COMMUNITY, FIRST_DAY, POOL, Village, make_village, synthetic_wh

SECOND_DAY = "2016-07-02"
SIZE = 4
JOINED = 3
CHUNK = 2


class Work(Enum):
    """What a trial settles: the correction of the settled period, or the period after it."""

    REVISION = "revision"
    PERIOD = "period"


@dataclass(frozen=True)
class Books:
    """What a finished trial must leave: who has how many units, what was opened and paid, how many transactions."""

    balances: dict[str, int]
    supply_units: int
    openings: int
    chunks_paid: tuple[tuple[int, int, int], ...]
    transactions: int
    states: tuple[str, ...]


class Stage:
    """One period settled, corrected readings with a revision asked for, and a next period to settle."""

    def __init__(self, folder: Path) -> None:
        self._payouts_per_chunk = commitment.payouts_per_chunk
        commitment.payouts_per_chunk = lambda _: CHUNK
        self.folder = folder
        self.chain = LocalChain.start(folder / "chain", timestamp_s=CHAIN_START_S)
        self.database_file = folder / "village.sqlite"
        upgrade(f"sqlite:///{self.database_file}")
        client = connect(self.chain.rpc_url, CHAIN_ID)
        place = (self.chain, client, folder, f"sqlite:///{self.database_file}")
        self.village = make_village(*place, size=SIZE, joined=JOINED)
        self._prepare(self.village)
        self.village.database.close()
        shutil.copy(self.database_file, folder / "kept.sqlite")
        self._first_nonce = client.nonce(throwaway_account("oracle").address)
        self._snapshot = self._ask("evm_snapshot")

    def _prepare(self, village: Village) -> None:
        village.schedule(POOL)
        village.import_day(FIRST_DAY)
        run_settlement(village.context(), COMMUNITY, FIRST_DAY)
        village.import_day(FIRST_DAY, lambda one, hour: synthetic_wh(one, hour) * (1 + (one == 0)), part="b")
        for person in ("a.rossi", "b.verdi"):
            speak_for_revision(village.context(), COMMUNITY, FIRST_DAY, operator=person, reason="late data")
        village.import_day(SECOND_DAY)

    def reset(self) -> None:
        """Chain and database as they were when the stage was prepared."""
        self._ask("evm_revert", self._snapshot)
        self._snapshot = self._ask("evm_snapshot")
        for suffix in ("-wal", "-shm"):
            Path(f"{self.database_file}{suffix}").unlink(missing_ok=True)
        shutil.copy(self.folder / "kept.sqlite", self.database_file)

    def settle(self, work: Work) -> None:
        """The work of a trial, with connections of its own."""
        with self.opened() as context:
            self.work(context, work)

    def work(self, context: SettlementContext, work: Work) -> None:
        """The work of a trial on given connections."""
        if work is Work.REVISION:
            resume(context, COMMUNITY)
        else:
            run_settlement(context, COMMUNITY, SECOND_DAY)

    @contextmanager
    def opened(self) -> Iterator[SettlementContext]:
        """A context whose connections are closed at the end."""
        context = self.context()
        try:
            yield context
        finally:
            context.database.close()

    def context(self) -> SettlementContext:
        """A settlement's context on fresh connections."""
        client = connect(self.chain.rpc_url, CHAIN_ID)
        on_chain = self.village.on_chain
        contracts = open_community(client, on_chain.deployment, on_chain.spec.community_id)
        database = Database(f"sqlite:///{self.database_file}")
        oracles = (throwaway_account("oracle"),)
        sender = Sender(client, oracles[0], DatabaseTransactionStore(database, client.genesis_hash))
        return SettlementContext(database, self.village.vault, contracts, oracles, sender, lambda _: None)

    def books(self) -> Books:
        """What chain and database say now."""
        context = self.context()
        contracts, client = context.contracts, context.contracts.client
        wallets = [throwaway_account(f"member {number}").address for number in range(JOINED)]
        paid = contracts.ledger.contract.events("ChunkPaid", from_block=contracts.first_block)
        with context.database.read() as connection:
            community = Communities(connection).get(COMMUNITY)
            heads = SettlementHeads(connection).of_community(community.community_id)
        context.database.close()
        return Books(
            {wallet: contracts.token.balance_of(wallet) for wallet in wallets},
            contracts.token.total_supply(),
            len(contracts.ledger.settlements_opened(from_block=contracts.first_block)),
            tuple(
                sorted(tuple(int(one["args"][name]) for name in ("periodIndex", "revision", "chunk")) for one in paid)
            ),
            client.nonce(throwaway_account("oracle").address) - self._first_nonce,
            tuple(str(one.state) for one in heads),
        )

    def close(self) -> None:
        """Stop the chain, and let chunks have their own size again."""
        commitment.payouts_per_chunk = self._payouts_per_chunk
        self.chain.stop()

    def _ask(self, method: str, *params: object) -> object:
        return self.chain._rpc(method, *params)


_CHUNK_KEY = ("periodIndex", "revision", "chunk")
CLOSED = (str(SettlementState.CLOSED),) * 2
