"""A worker's place over a database and a community on a test chain, with the throw-away keys of every role."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

from gettone.chain.client import ChainClient
from gettone.chain.outbox.pace import Pace
from gettone.chain.signer import Signer
from gettone.chain.transactions import Sender
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore
from gettone.settings import Settings
from oracle.worker.job import Run, Workplace
from oracle.worker.jobs.do_operations import do_operations
from tests.factories.community import TestCommunity, throwaway_account


class NullRealm:
    """An identity provider that has given every role already."""

    def grant_role(self, sub: str, role: str) -> None:
        """Nothing is left to do."""


def kek_file(folder: Path) -> Path:
    """The key-encryption key of test worlds in a file."""
    path = folder / "kek"
    path.write_text(bytes(range(32)).hex())
    path.chmod(0o600)
    return path


def place_on_chain(
    database: Database, community: TestCommunity | None, folder: Path, clock: Any, **settings: Any
) -> Workplace:
    """A worker that has every key and sends through the outbox of the database."""

    def sender(client: ChainClient, signer: Signer) -> Sender:
        return Sender(client, signer, DatabaseTransactionStore(database, client.genesis_hash), Pace(poll_s=0.01))

    def contracts(_slug: str) -> Any:
        assert community is not None
        return community.contracts

    return Workplace(
        Settings(kek_file=kek_file(folder), **settings),
        database,
        clock,
        lambda _community, _progress: nullcontext(None),  # type: ignore[arg-type, return-value]
        contracts,
        signer=throwaway_account,
        sender=sender,
        realm=NullRealm,
    )


def work_off(place: Workplace) -> dict[str, int | str]:
    """Do every operation that is open; how many ended in which state."""
    return dict(do_operations(Run(place, "", lambda: False), watch_s=0))
