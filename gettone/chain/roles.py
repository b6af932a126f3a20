"""Who may do what on chain: the one table for deployment, verification and documents.

Source: contracts.md §3.  A function that no table lists is open to anybody, and a restricted one that were
missing here would belong to ADMIN_ROLE, which nobody holds.
"""

from enum import IntEnum

from gettone.chain import (
    community_registry,
    community_token,
    member_registry,
    reward_models,
    settlement_ledger,
)


class Role(IntEnum):
    """Role ids in the AccessManager."""

    ADMIN_ROLE = 0
    PLATFORM_ADMIN = 1
    COMMUNITY_ADMIN = 2
    TOKEN_ADMIN = 3
    ORACLE_ADMIN = 4
    ORACLE = 5
    REGISTRAR = 6
    VERIFIER = 7
    GUARDIAN = 8
    AUDITOR = 9
    MEMBER_REGISTRY = 100
    SETTLEMENT_LEDGER = 101


PLATFORM_FUNCTIONS: dict[str, dict[str, Role]] = {
    community_registry.NAME: {
        "register": Role.PLATFORM_ADMIN,
        "suspend": Role.PLATFORM_ADMIN,
        "resume": Role.PLATFORM_ADMIN,
    },
}

COMMUNITY_FUNCTIONS: dict[str, dict[str, Role]] = {
    community_token.NAME: {
        "setAccount": Role.MEMBER_REGISTRY,
        "creditBatch": Role.SETTLEMENT_LEDGER,
    },
    member_registry.NAME: {
        "join": Role.REGISTRAR,
    },
    reward_models.NAME: {
        "schedule": Role.ORACLE_ADMIN,
    },
    settlement_ledger.NAME: {
        "anchorIngest": Role.ORACLE,
        "scheduleCaps": Role.COMMUNITY_ADMIN,
        "setRequiredSignatures": Role.ORACLE_ADMIN,
    },
}

PUBLIC_FUNCTIONS: dict[str, frozenset[str]] = {
    community_registry.NAME: frozenset({"setAuthority"}),
    community_token.NAME: frozenset({"approve", "permit", "setAuthority", "transfer", "transferFrom"}),
    member_registry.NAME: frozenset({"setAuthority"}),
    reward_models.NAME: frozenset({"setAuthority"}),
    settlement_ledger.NAME: frozenset({"open", "pay", "setAuthority", "voidRest"}),
}
"""Functions anybody may call; `setAuthority` answers only to the AccessManager, whose admin nobody is."""

PLATFORM_ROLE_ADMINS: dict[Role, Role] = {Role.PLATFORM_ADMIN: Role.PLATFORM_ADMIN}

COMMUNITY_ROLE_ADMINS: dict[Role, Role] = {
    Role.PLATFORM_ADMIN: Role.PLATFORM_ADMIN,
    Role.COMMUNITY_ADMIN: Role.PLATFORM_ADMIN,
    Role.TOKEN_ADMIN: Role.COMMUNITY_ADMIN,
    Role.ORACLE_ADMIN: Role.COMMUNITY_ADMIN,
    Role.ORACLE: Role.COMMUNITY_ADMIN,
    Role.REGISTRAR: Role.COMMUNITY_ADMIN,
    Role.VERIFIER: Role.COMMUNITY_ADMIN,
    Role.GUARDIAN: Role.COMMUNITY_ADMIN,
    Role.AUDITOR: Role.COMMUNITY_ADMIN,
    Role.MEMBER_REGISTRY: Role.ADMIN_ROLE,
    Role.SETTLEMENT_LEDGER: Role.ADMIN_ROLE,
}
"""Who grants and revokes each role; the two contracts' roles are final, since nobody holds ADMIN_ROLE."""
