"""What the verifier asks of the chain, and the evidence it gathers before it judges anything."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gettone.notary.bundle import SettlementKey
from gettone.notary.keys import deployment_id
from gettone.notary.proposal import SettlementProposal

STATE_OPEN, STATE_PAID, STATE_VOIDED = 1, 2, 3


@dataclass(frozen=True, slots=True)
class ChainScope:
    """The deployment that the verifier named; everything beside the genesis hash is read from the node."""

    chain_id: int
    genesis_hash: bytes
    contract: bytes
    community_id: str
    token: bytes
    models: bytes

    @property
    def deployment_id(self) -> bytes:
        """Computed here, not asked from the contract."""
        return deployment_id(self.chain_id, self.genesis_hash, self.contract, self.community_id)


@dataclass(frozen=True, slots=True)
class Opening:
    """One SettlementOpened event with its place."""

    proposal: SettlementProposal
    proposal_hash: bytes
    transaction: bytes
    block_number: int
    block_hash: bytes

    @property
    def key(self) -> SettlementKey:
        """Period index and revision."""
        return self.proposal.period_index, self.proposal.revision


@dataclass(frozen=True, slots=True)
class Credit:
    """One payout as the token saw it [base units]: a Transfer from nobody, or a skip.

    `amount_units` is what was moved to the wallet, or the whole payout skipped; `fee_units` is what FeeCharged
    kept back from it.
    """

    wallet: bytes
    amount_units: int
    is_skipped: bool
    transaction: bytes
    fee_units: int = 0


@dataclass(frozen=True, slots=True)
class Payment:
    """State of a settlement and all its credits so far [base units, unix s].

    `paid_units` and `skipped_units` are before fees; `assignment_fee_bps` are the fees by member class that the
    token policy had when the settlement opened.
    """

    state: int
    paid_units: int
    skipped_units: int
    opened_at_s: int
    credits: tuple[Credit, ...]
    assignment_fee_bps: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class CapChange:
    """Caps [base units] that apply to settlements opened from `valid_from_s` on."""

    period_cap_units: int
    member_cap_units: int
    valid_from_s: int


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version of RewardModels; `parameters` is its struct as nested tuples of integers."""

    version: int
    valid_from_s: int
    scheduled_at_s: int
    parameters: Sequence[Any]


class ChainView(Protocol):
    """A node, or a recording of one.  Every method raises Unreachable or MissingInput if it cannot answer."""

    def scope(self) -> ChainScope:
        """The deployment at the contract that the verifier named."""

    def openings(self) -> Sequence[Opening]:
        """All SettlementOpened events of the ledger, in the order of the chain."""

    def last_settlement_hash(self) -> bytes:
        """Struct hash of the proposal opened last, as the ledger knows it."""

    def caps(self) -> Sequence[CapChange]:
        """All caps ever scheduled, in the order of the chain."""

    def payment(self, key: SettlementKey) -> Payment:
        """What was paid of an opened settlement."""

    def model(self, version: int) -> ModelVersion:
        """A version of the reward models."""


@dataclass(frozen=True, slots=True)
class ChainEvidence:
    """Everything the steps need, read once; payments and models of the settlements asked for."""

    scope: ChainScope
    openings: tuple[Opening, ...]
    last_settlement_hash: bytes
    caps: tuple[CapChange, ...]
    payments: Mapping[SettlementKey, Payment]
    models: Mapping[int, ModelVersion]

    def place(self, key: SettlementKey) -> int | None:
        """Position of a settlement in the order of openings; None if the chain has none."""
        return next((at for at, opening in enumerate(self.openings) if opening.key == key), None)

    def opening(self, key: SettlementKey) -> Opening | None:
        """The event that opened a settlement."""
        at = self.place(key)
        return None if at is None else self.openings[at]

    def caps_at(self, instant_s: int) -> CapChange | None:
        """The caps in force at an instant."""
        return next((cap for cap in reversed(self.caps) if cap.valid_from_s <= instant_s), None)


def collect_evidence(view: ChainView, keys: Iterable[SettlementKey]) -> ChainEvidence:
    """Ask `view` once for all that the settlements `keys` need."""
    openings = tuple(view.openings())
    wanted = set(keys)
    opened = [opening for opening in openings if opening.key in wanted]
    return ChainEvidence(
        view.scope(),
        openings,
        view.last_settlement_hash(),
        tuple(view.caps()),
        {opening.key: view.payment(opening.key) for opening in opened},
        {version: view.model(version) for version in sorted({one.proposal.model_version for one in opened})},
    )
