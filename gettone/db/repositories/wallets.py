"""Wallets of members, and the messages that prove them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from gettone.db.tables import Wallet, WalletChallenge
from gettone.wallets.custody import Custody, SealedKey

LINKED, REPLACING, ACTIVE, REPLACED, CLOSED = "linked", "replacing", "active", "replaced", "closed"


@dataclass(frozen=True, slots=True)
class Consent:
    """The wallet's signature under its joining, good for one nonce and until a second of the chain's clock."""

    signature: bytes
    nonce: int
    deadline_s: int


@dataclass(frozen=True, slots=True)
class WalletRow:
    """A wallet; linked ones are not on chain yet, replacing ones wait to take the place of another.

    `key` is there for custodial ones until it is destroyed.
    """

    address: str
    community_id: int
    member_id: str
    custody: Custody
    state: str
    key: SealedKey | None
    consent: Consent | None
    linked_at: int
    joined_at: int | None


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """An issued message; `caller` is the name of the audit trail, instants in unix ms."""

    nonce: str
    caller: str
    member_id: str
    address: str
    message: str
    expires_at: int
    used_at: int | None


class Wallets:
    """Reads and writes `wallets` and `wallet_challenges`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, address: str) -> WalletRow | None:
        """The wallet at an address, also one that ended; None for one that was never linked."""
        row = self._connection.execute(_WALLET.where(Wallet.address == address)).one_or_none()
        return None if row is None else _wallet(row)

    def of_member(self, member_id: str) -> WalletRow | None:
        """The wallet a member has now, or None."""
        mine = Wallet.member_id == member_id, Wallet.state.in_((LINKED, ACTIVE))
        row = self._connection.execute(_WALLET.where(*mine).order_by(Wallet.linked_at).limit(1)).one_or_none()
        return None if row is None else _wallet(row)

    def add(self, row: WalletRow) -> None:
        """Link a wallet that nobody ever had."""
        key, consent = row.key, row.consent
        values = {"address": row.address, "community_id": row.community_id, "member_id": row.member_id}
        values |= {"custody": row.custody.value, "state": row.state, "linked_at": row.linked_at}
        if key is not None:
            values |= {"sealed_key": key.sealed, "data_key": key.data_key}
        self._connection.execute(insert(Wallet).values(**values, **_consent_columns(consent)))

    def set_consent(self, address: str, consent: Consent) -> None:
        """Keep what the wallet signed, before it is used."""
        self._set(address, _consent_columns(consent))

    def join(self, address: str, now_ms: int) -> bool:
        """A linked wallet is on chain now; False for one that was so already."""
        mine = Wallet.address == address, Wallet.state == LINKED
        values = {"state": ACTIVE, "joined_at": now_ms}
        return self._connection.execute(update(Wallet).where(*mine).values(**values)).rowcount == 1

    def activate(self, address: str, state: str, now_ms: int) -> None:
        """A wallet took the place of another."""
        self._set(address, {"state": state, "joined_at": now_ms})

    def end(self, address: str, state: str, now_ms: int) -> None:
        """A wallet was replaced or closed: its key, if there was one here, is destroyed."""
        self._set(address, {"state": state, "ended_at": now_ms, "sealed_key": None, "data_key": None})

    def unlink(self, address: str) -> None:
        """Forget a wallet that never came on chain."""
        mine = Wallet.address == address, Wallet.state == LINKED, Wallet.joined_at.is_(None)
        self._connection.execute(delete(Wallet).where(*mine))

    def issue(self, challenge: ChallengeRow, now_ms: int) -> None:
        """Keep a message that is handed out."""
        values = {name: getattr(challenge, name) for name in ChallengeRow.__slots__}
        self._connection.execute(insert(WalletChallenge).values(**values, issued_at=now_ms))

    def challenge(self, nonce: str) -> ChallengeRow | None:
        """The message of a nonce, or None."""
        columns = [getattr(WalletChallenge, name) for name in ChallengeRow.__slots__]
        row = self._connection.execute(select(*columns).where(WalletChallenge.nonce == nonce)).one_or_none()
        return None if row is None else ChallengeRow(*row)

    def use(self, nonce: str, now_ms: int) -> bool:
        """Use a nonce up; False when somebody did before."""
        mine = WalletChallenge.nonce == nonce, WalletChallenge.used_at.is_(None)
        return self._connection.execute(update(WalletChallenge).where(*mine).values(used_at=now_ms)).rowcount == 1

    def _set(self, address: str, values: Mapping[str, Any]) -> None:
        self._connection.execute(update(Wallet).where(Wallet.address == address).values(**values))


_WALLET: Select[*tuple[Any, ...]] = select(*Wallet.__table__.columns)


def _consent_columns(consent: Consent | None) -> dict[str, Any]:
    if consent is None:
        return {}
    return {
        "consent": consent.signature,
        "consent_nonce": consent.nonce,
        "consent_deadline_s": consent.deadline_s,
    }


def _wallet(row: Row[Any]) -> WalletRow:
    has_key = row.sealed_key is not None and row.data_key is not None
    key = SealedKey(row.address, bytes(row.sealed_key), bytes(row.data_key)) if has_key else None
    consent = None
    if row.consent is not None:
        consent = Consent(bytes(row.consent), row.consent_nonce, row.consent_deadline_s)
    return WalletRow(
        row.address,
        row.community_id,
        row.member_id,
        Custody(row.custody),
        row.state,
        key,
        consent,
        row.linked_at,
        row.joined_at,
    )
