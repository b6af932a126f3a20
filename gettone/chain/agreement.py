"""The terms of an agreement and what its parties sign: EIP-712 data of the ServiceExchange (contracts.md §9)."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from gettone.chain.categories import CATEGORIES, Kind
from gettone.chain.consent import member_id_bytes
from gettone.chain.signer import Signer
from gettone.chain.typed_data import Domain, Fields
from gettone.errors import InputError
from gettone.rewards.fields import UNITS_MAX

RATINGS = range(1, 6)
RETURN_MAX_S = 730 * 86_400

_TERMS: Fields = (
    ("category", "uint8"),
    ("kind", "uint8"),
    ("provider", "bytes32"),
    ("payers", "bytes32[]"),
    ("structure", "bytes32"),
    ("priceUnits", "uint96"),
    ("compensationUnits", "uint96"),
    ("depositUnits", "uint96"),
    ("durationMinutes", "uint32"),
    ("deadline", "uint64"),
    ("returnBy", "uint64"),
    ("contentHash", "bytes32"),
    ("salt", "bytes32"),
)
_ACT: Fields = (
    ("act", "string"),
    ("terms", "Terms"),
    ("member", "bytes32"),
    ("detail", "bytes32"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
_NOBODY = bytes(32)


class Act(StrEnum):
    """What a member can sign about an agreement; the words are those of the typed data."""

    PROPOSE = "propose"
    ACCEPT = "accept"
    CANCEL = "cancel"
    DELIVER = "deliver"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    DECLARE_RETURN = "declareReturn"
    CONFIRM_RETURN = "confirmReturn"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the parties agree on; member ids 64 hex digits, amounts base units, times unix seconds.

    The text agreed on stays off chain, `content_hash` is its SHA-256; `salt` (32 random bytes) keeps equal
    agreements apart.  Raises InputError `agreement_terms`, which names the field, for terms that no community
    could accept: an unknown category, a kind it does not have, a wrong number of payers, a part that the kind
    does not use.
    """

    category: int
    kind: Kind
    provider: str
    payers: tuple[str, ...]
    price_units: int
    deadline_s: int
    content_hash: bytes
    salt: bytes
    structure: str | None = None
    compensation_units: int = 0
    deposit_units: int = 0
    duration_minutes: int = 0
    return_by_s: int = 0

    def __post_init__(self) -> None:
        _require_parties(self)
        for name in ("price_units", "compensation_units", "deposit_units"):
            _require(0 <= getattr(self, name) <= UNITS_MAX, name, f"is {getattr(self, name)}, not 0..{UNITS_MAX}")
        for name in ("content_hash", "salt"):
            _require(len(getattr(self, name)) == 32, name, f"has {len(getattr(self, name))} bytes and must have 32")
        _require(0 < self.deadline_s < 2**63, "deadline_s", f"is {self.deadline_s}, and must be unix seconds")
        _require_kind(self)

    def to_chain(self) -> tuple[Any, ...]:
        """The Terms struct of the contract."""
        return (
            self.category,
            int(self.kind),
            member_id_bytes(self.provider),
            [member_id_bytes(one) for one in self.payers],
            _NOBODY if self.structure is None else member_id_bytes(self.structure),
            self.price_units,
            self.compensation_units,
            self.deposit_units,
            self.duration_minutes,
            self.deadline_s,
            self.return_by_s,
            self.content_hash,
            self.salt,
        )

    @classmethod
    def of_chain(cls, values: Any) -> "Terms":
        """The terms of the struct in an event."""
        provider, payers, structure = bytes(values[2]).hex(), values[3], bytes(values[4])
        return cls(
            category=int(values[0]),
            kind=Kind(values[1]),
            provider=provider,
            payers=tuple(bytes(one).hex() for one in payers),
            structure=None if structure == _NOBODY else structure.hex(),
            price_units=int(values[5]),
            compensation_units=int(values[6]),
            deposit_units=int(values[7]),
            duration_minutes=int(values[8]),
            deadline_s=int(values[9]),
            return_by_s=int(values[10]),
            content_hash=bytes(values[11]),
            salt=bytes(values[12]),
        )

    def agreement_id(self) -> bytes:
        """EIP-712 struct hash of the terms, by which the chain knows the agreement (32 bytes)."""
        anywhere = Domain("ServiceExchange", 0, "0x" + "00" * 20)
        return bytes(anywhere.signable({"Terms": _TERMS}, _named(self)).body)


@dataclass(frozen=True, slots=True)
class Authorization:
    """A member's act: by its wallet itself without a signature, or signed and good until `deadline_s`."""

    member_id: str
    deadline_s: int = 0
    signature: bytes = b""

    def to_chain(self) -> tuple[Any, ...]:
        """The Authorization struct of the contract."""
        return (member_id_bytes(self.member_id), self.deadline_s, self.signature)


def sign_act(
    account: Signer,
    domain: Domain,
    act: Act,
    terms: Terms,
    *,
    member_id: str,
    nonce: int,
    deadline_s: int,
    detail: bytes = _NOBODY,
) -> Authorization:
    """The member's signed act, for anybody to carry.

    `domain` is the exchange's, `nonce` the exchange's for the wallet; `detail` is the hash of the reason for a
    dispute and `feedback_detail` for feedback.
    """
    message = {
        "act": act.value,
        "terms": _named(terms),
        "member": member_id_bytes(member_id),
        "detail": detail,
        "nonce": nonce,
        "deadline": deadline_s,
    }
    return Authorization(member_id, deadline_s, domain.sign(account, {"Act": _ACT, "Terms": _TERMS}, message))


def feedback_detail(rating: int, text_hash: bytes) -> bytes:
    """What a signed feedback commits to: keccak-256 of rating (1 to 5) and the SHA-256 of the words."""
    _require(rating in RATINGS, "rating", f"is {rating}, and must be in 1..5")
    return bytes(keccak(encode(["uint8", "bytes32"], [rating, text_hash])))


def _named(terms: Terms) -> dict[str, Any]:
    return {name: value for (name, _), value in zip(_TERMS, terms.to_chain(), strict=True)}


def _require_parties(terms: Terms) -> None:
    _require(terms.category in CATEGORIES, "category", f"is {terms.category}, and must be in 1..{len(CATEGORIES)}")
    rule = CATEGORIES[terms.category]
    low, high = min(1, rule.payers_max), rule.payers_max
    count, where = len(terms.payers), f"in category {terms.category}"
    _require(low <= count <= high, "payers", f"are {count}, and must be {low}..{high} {where}")
    wanted = "needs the member id of its owner" if rule.has_structure else "is not used"
    _require((terms.structure is not None) == rule.has_structure, "structure", f"{wanted} {where}")
    parties = [terms.provider, *terms.payers, *([terms.structure] if terms.structure else [])]
    _require(len(set(parties)) == len(parties), "parties", "name a member twice")
    _require(all(before < after for before, after in pairwise(terms.payers)), "payers", "must ascend")


def _require_kind(terms: Terms) -> None:
    rule, kind = CATEGORIES[terms.category], terms.kind
    words = ", ".join(one.name.lower() for one in rule.kinds)
    _require(kind in rule.kinds, "kind", f"is {kind!r}, and category {terms.category} has {words}")
    _require(rule.has_structure or not terms.compensation_units, "compensation_units", "needs a structure")
    _require(0 <= terms.duration_minutes < 2**32, "duration_minutes", "must be in 0..2^32 - 1")
    _require((terms.duration_minutes > 0) == (kind is Kind.TIME_BANK), "duration_minutes", "is for the time bank alone")
    is_loan = kind is Kind.LOAN
    _require(is_loan or not terms.deposit_units, "deposit_units", "is for loans alone")
    _require(
        0 < terms.return_by_s - terms.deadline_s <= RETURN_MAX_S if is_loan else terms.return_by_s == 0,
        "return_by_s",
        "is for loans alone, and lies after the deadline, by two years at most",
    )


def _require(holds: bool, name: str, reason: str) -> None:
    if not holds:
        raise InputError("agreement_terms", f"{name} {reason}")
