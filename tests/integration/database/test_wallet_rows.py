"""Wallets, messages and replacements in both databases: one row an address, each step taken once."""

import pytest

from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.wallet_replacements import CONFIRMED, DONE, OPEN, REQUESTED, WalletReplacements
from gettone.db.repositories.wallets import ACTIVE, LINKED, REPLACED, ChallengeRow, Consent, WalletRow, Wallets
from gettone.vault import Vault
from gettone.wallets.custody import Custody, new_sealed_key

pytestmark = pytest.mark.database

NOW_MS = 1_800_000_000_000
CONSENT = Consent(b"\x01" * 65, 7, 1_800_000_900)


@pytest.fixture
def member(database: Database) -> tuple[int, str]:
    with database.write() as connection:
        community_id = Communities(connection).get_or_create("fontana", tz="Europe/Rome").community_id
        return community_id, Communities(connection).add_member(community_id).member_id


def test_wallets__custodial__comes_back_with_key_and_consent(
    database: Database, vault: Vault, member: tuple[int, str]
) -> None:
    key = new_sealed_key(vault, "fontana", member[1])
    row = WalletRow(key.address, *member, Custody.CUSTODIAL, LINKED, key, CONSENT, NOW_MS, None)
    with database.write() as connection:
        Wallets(connection).add(row)
    with database.read() as connection:
        assert Wallets(connection).find(key.address) == Wallets(connection).of_member(member[1]) == row


def test_wallets__joined_twice__is_so_once_and_loses_its_key_at_the_end(
    database: Database, vault: Vault, member: tuple[int, str]
) -> None:
    key = new_sealed_key(vault, "fontana", member[1])
    with database.write() as connection:
        wallets = Wallets(connection)
        wallets.add(WalletRow(key.address, *member, Custody.CUSTODIAL, LINKED, key, None, NOW_MS, None))
        assert [wallets.join(key.address, NOW_MS) for _ in range(2)] == [True, False]
        wallets.unlink(key.address)
        joined = wallets.find(key.address)
        assert joined is not None
        assert joined.state == ACTIVE
        wallets.end(key.address, REPLACED, NOW_MS)
        ended = wallets.find(key.address)
        assert ended is not None
        assert (ended.state, ended.key, wallets.of_member(member[1])) == (REPLACED, None, None)


def test_challenge__nonce__is_used_once(database: Database, member: tuple[int, str]) -> None:
    issued = ChallengeRow("nonce", "anna", member[1], "0x" + "11" * 20, "text", NOW_MS + 1, None)
    with database.write() as connection:
        Wallets(connection).issue(issued, NOW_MS)
        assert Wallets(connection).challenge("nonce") == issued
        assert [Wallets(connection).use("nonce", NOW_MS) for _ in range(2)] == [True, False]
        assert Wallets(connection).challenge("other") is None


def test_replacements__states__are_left_once(database: Database, member: tuple[int, str]) -> None:
    values = {"community_id": member[0], "member_id": member[1], "old_address": "0xa", "new_address": "0xb"}
    values |= {"consent": b"c", "order_signature": None, "deadline_s": 5, "requested_by": "anna", "requested_at": 1}
    with database.write() as connection:
        replacements = WalletReplacements(connection)
        number = replacements.add(values)
        moved = [replacements.move(number, (REQUESTED,), CONFIRMED, decided_by="ca", decided_at=2) for _ in range(2)]
        assert moved == [True, False]
        assert replacements.move(number, OPEN, DONE)
        (row,) = replacements.of_member(member[1])
    assert (row.state, row.consent, row.decided_by, row.executable_at_s) == (DONE, b"c", "ca", None)
