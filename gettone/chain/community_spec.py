"""What a community wants its contracts to be: a TOML or JSON file, strictly read (contracts.md §2, §3, §7)."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any, TypeVar, cast

from gettone.chain.contract import checksum_address, plain
from gettone.chain.policy_values import FEE_LIMIT_BPS, Bonuses, Budgets, Fees, InitialPolicy, Rates
from gettone.chain.roles import Role
from gettone.chain.settlement_ledger import PeriodKind
from gettone.errors import InputError, MissingInput
from gettone.rewards.fields import UNITS_MAX, Fields

NOTICE_MIN_S = 3600
NOTICE_MAX_S = 2 * 365 * 86_400
NOTICE_DEFAULT_S = 7 * 86_400
REPLACEMENT_DELAY_DEFAULT_S = 3 * 86_400
CONFIRMATION_PERIOD_DEFAULT_S = 7 * 86_400
CONFIRMATION_PERIOD_MAX_S = 90 * 86_400
_CODE = "community_file"
_PERIOD_WORDS = tuple(kind.name.lower() for kind in PeriodKind)
# One address each; the others may be held by several.
_SINGLE = (Role.PLATFORM_ADMIN, Role.COMMUNITY_ADMIN, Role.TOKEN_ADMIN, Role.ORACLE_ADMIN)
_SEVERAL = (Role.ORACLE, Role.REGISTRAR, Role.VERIFIER, Role.GUARDIAN, Role.AUDITOR)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CommunitySpec:
    """One community's contracts as wanted.

    Caps are base units, times seconds; `holders` names the EIP-55 addresses of every role that people and
    services hold at the start, `policy` the rules of the token in force from the start.
    """

    community_id: str
    name: str
    token_name: str
    token_symbol: str
    period_kind: PeriodKind
    min_notice_s: int
    period_cap_units: int
    member_cap_units: int
    required_signatures: int
    holders: Mapping[Role, tuple[str, ...]]
    replacement_delay_s: int = REPLACEMENT_DELAY_DEFAULT_S
    confirmation_period_s: int = CONFIRMATION_PERIOD_DEFAULT_S
    policy: InitialPolicy = field(default_factory=InitialPolicy)

    def to_document(self) -> dict[str, Any]:
        """The file that says the same; caps as decimal strings, addresses EIP-55."""
        roles = {_word(role): list(self.holders.get(role, ())) for role in _SEVERAL}
        return {
            "community_id": self.community_id,
            "name": self.name,
            "token_name": self.token_name,
            "token_symbol": self.token_symbol,
            "period_kind": self.period_kind.name.lower(),
            "min_notice_s": self.min_notice_s,
            "replacement_delay_s": self.replacement_delay_s,
            "confirmation_period_s": self.confirmation_period_s,
            "period_cap_units": str(self.period_cap_units),
            "member_cap_units": str(self.member_cap_units),
            "required_signatures": self.required_signatures,
            **{_word(role): self.holders[role][0] for role in _SINGLE},
            **roles,
            "policy": policy_document(self.policy),
        }


def load_spec(path: Path) -> CommunitySpec:
    """Read a community file (.toml or .json); InputError `community_file` names the field that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as cause:
        raise MissingInput(
            "community_file_missing", f"community file {path} cannot be read: {cause.strerror}"
        ) from None
    except ValueError as cause:
        raise InputError(_CODE, f"community file {path} is neither TOML nor JSON: {cause}") from None
    return parse_spec(document)


def parse_spec(document: Mapping[str, Any]) -> CommunitySpec:
    """The spec of a document; InputError `community_file` for what is missing, unknown or out of range."""
    fields = Fields(document, _CODE)
    spec = CommunitySpec(
        community_id=_short(fields, "community_id"),
        name=_short(fields, "name"),
        token_name=_short(fields, "token_name"),
        token_symbol=_short(fields, "token_symbol"),
        period_kind=PeriodKind(_PERIOD_WORDS.index(fields.word("period_kind", _PERIOD_WORDS, "month"))),
        min_notice_s=fields.integer("min_notice_s", NOTICE_MIN_S, NOTICE_MAX_S, NOTICE_DEFAULT_S),
        period_cap_units=fields.integer("period_cap_units", 0, UNITS_MAX),
        member_cap_units=fields.integer("member_cap_units", 0, UNITS_MAX),
        required_signatures=fields.integer("required_signatures", 1, 255, 1),
        holders={role: _addresses(fields, role) for role in (*_SINGLE, *_SEVERAL)},
        replacement_delay_s=fields.integer(
            "replacement_delay_s", NOTICE_MIN_S, NOTICE_MAX_S, REPLACEMENT_DELAY_DEFAULT_S
        ),
        confirmation_period_s=fields.integer(
            "confirmation_period_s", NOTICE_MIN_S, CONFIRMATION_PERIOD_MAX_S, CONFIRMATION_PERIOD_DEFAULT_S
        ),
        policy=_policy(fields.child("policy")),
    )
    fields.finish()
    _require_enough_oracles(spec)
    return spec


def policy_document(policy: InitialPolicy) -> dict[str, Any]:
    """The tables [policy.fees], [policy.bonuses], [policy.rates] and [policy.budgets] of a community file."""
    return {table: {name: plain(value) for name, value in values.items()} for table, values in asdict(policy).items()}


def _policy(tables: Fields) -> InitialPolicy:
    found = InitialPolicy(
        _table(tables.child("fees"), Fees, FEE_LIMIT_BPS),
        _table(tables.child("bonuses"), Bonuses, UNITS_MAX),
        _table(tables.child("rates"), Rates, UNITS_MAX),
        _table(tables.child("budgets"), Budgets, UNITS_MAX),
    )
    tables.finish()
    return found


def _table(table: Fields, kind: type[T], high: int) -> T:
    """One table of whole numbers 0..high; what it does not name is 0."""
    values = {one.name: table.integer(one.name, 0, high, 0) for one in fields_of(cast(Any, kind))}
    table.finish()
    return kind(**values)


def _short(fields: Fields, name: str) -> str:
    text = fields.text(name)
    if len(text.encode()) > 64:
        raise fields.refuse(name, f"has {len(text.encode())} bytes in UTF-8, and may have at most 64")
    return text


def _addresses(fields: Fields, role: Role) -> tuple[str, ...]:
    name = _word(role)
    given = [fields.text(name)] if role in _SINGLE else fields.items(name)
    try:
        found = tuple(sorted({checksum_address(str(one)) for one in given}, key=str.lower))
    except InputError as cause:
        raise fields.refuse(name, f"is wrong: {cause.message}") from None
    if len(found) != len(given):
        raise fields.refuse(name, "names an address twice")
    return found


def _require_enough_oracles(spec: CommunitySpec) -> None:
    if len(spec.holders[Role.ORACLE]) < spec.required_signatures:
        raise InputError(
            _CODE,
            f"required_signatures is {spec.required_signatures}, and oracle names only "
            f"{len(spec.holders[Role.ORACLE])} addresses: no settlement could ever open",
        )


def _word(role: Role) -> str:
    return role.name.lower()
