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
    service_exchange,
    settlement_ledger,
    token_policy,
    treasury,
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
    TOKEN_POLICY = 102
    TREASURY = 103
    SERVICE_EXCHANGE = 104
    COMMUNITY_REGISTRY = 105


CONTRACT_ROLES: dict[Role, str] = {
    Role.MEMBER_REGISTRY: member_registry.NAME,
    Role.SETTLEMENT_LEDGER: settlement_ledger.NAME,
    Role.TOKEN_POLICY: token_policy.NAME,
    Role.TREASURY: treasury.NAME,
    Role.SERVICE_EXCHANGE: service_exchange.NAME,
    Role.COMMUNITY_REGISTRY: community_registry.NAME,
}
"""Roles that contracts hold towards each other, by the contract that holds each; the last one is the platform's."""

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
        "moveAccount": Role.MEMBER_REGISTRY,
        "sweep": Role.MEMBER_REGISTRY,
        "creditBatch": Role.SETTLEMENT_LEDGER,
        "setTransferFees": Role.TOKEN_POLICY,
        "issue": Role.TREASURY,
        "burn": Role.TREASURY,
        "escrow": Role.SERVICE_EXCHANGE,
        "release": Role.SERVICE_EXCHANGE,
        "pause": Role.GUARDIAN,
        "unpause": Role.COMMUNITY_ADMIN,
        "setSuspended": Role.COMMUNITY_REGISTRY,
    },
    member_registry.NAME: {
        "join": Role.REGISTRAR,
        "proposeReplacement": Role.REGISTRAR,
        "freeze": Role.COMMUNITY_ADMIN,
        "unfreeze": Role.COMMUNITY_ADMIN,
        "announceExclusion": Role.COMMUNITY_ADMIN,
        "cancelExclusion": Role.COMMUNITY_ADMIN,
        "exclude": Role.COMMUNITY_ADMIN,
        "cancelReplacement": Role.COMMUNITY_ADMIN,
    },
    token_policy.NAME: {
        "scheduleFees": Role.TOKEN_ADMIN,
        "scheduleIncentive": Role.TOKEN_ADMIN,
        "scheduleBonuses": Role.TOKEN_ADMIN,
        "scheduleRates": Role.TOKEN_ADMIN,
        "scheduleBudgets": Role.COMMUNITY_ADMIN,
    },
    treasury.NAME: {
        "issue": Role.TOKEN_ADMIN,
        "burn": Role.TOKEN_ADMIN,
        "sell": Role.TOKEN_ADMIN,
        "openEnergyBonus": Role.TOKEN_ADMIN,
        "grantWelcomeBonus": Role.MEMBER_REGISTRY,
        "fundService": Role.SERVICE_EXCHANGE,
        "payIncentive": Role.SERVICE_EXCHANGE,
    },
    reward_models.NAME: {
        "schedule": Role.ORACLE_ADMIN,
    },
    settlement_ledger.NAME: {
        "anchorIngest": Role.ORACLE,
        "scheduleCaps": Role.COMMUNITY_ADMIN,
        "setRequiredSignatures": Role.ORACLE_ADMIN,
        "voidRestInPause": Role.COMMUNITY_ADMIN,
    },
    service_exchange.NAME: {
        "proposeForCommunity": Role.COMMUNITY_ADMIN,
        "acceptForCommunity": Role.COMMUNITY_ADMIN,
        "cancelForCommunity": Role.COMMUNITY_ADMIN,
        "disputeForCommunity": Role.COMMUNITY_ADMIN,
        "resolve": Role.COMMUNITY_ADMIN,
        "resolveForCommunity": Role.PLATFORM_ADMIN,
        "recordCheck": Role.VERIFIER,
    },
}

PUBLIC_FUNCTIONS: dict[str, frozenset[str]] = {
    community_registry.NAME: frozenset({"setAuthority"}),
    community_token.NAME: frozenset(
        {
            *("approve", "permit", "setAuthority", "transfer", "transferFrom"),
            *("transferWithAuthorization", "cancelAuthorization"),
        }
    ),
    member_registry.NAME: frozenset(
        {"executeReplacement", "leave", "objectToReplacement", "replaceWallet", "setAuthority", "sweep"}
    ),
    token_policy.NAME: frozenset({"setAuthority"}),
    treasury.NAME: frozenset({"claimWelcomeBonus", "payEnergyBonus", "setAuthority"}),
    reward_models.NAME: frozenset({"setAuthority"}),
    settlement_ledger.NAME: frozenset({"open", "pay", "setAuthority", "voidRest"}),
    service_exchange.NAME: frozenset(
        {
            *("propose", "accept", "cancel", "deliver", "confirm", "release", "expire", "setAuthority"),
            *("dispute", "refundUndecided", "declareReturn", "confirmReturn", "releaseDeposit"),
            *("payIncentive", "giveFeedback"),
        }
    ),
}
"""Functions anybody may call; `setAuthority` answers only to the AccessManager, whose admin nobody is."""

DEPLOYMENT_FUNCTIONS: dict[str, frozenset[str]] = {
    name: frozenset({"bind"}) for name in (community_token.NAME, token_policy.NAME, treasury.NAME)
}
"""Functions of ADMIN_ROLE: the wiring calls them before the deployer renounces it, and nobody afterwards."""

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
    **dict.fromkeys(CONTRACT_ROLES, Role.ADMIN_ROLE),
}
"""Who grants and revokes each role; the contracts' roles are final, since nobody holds ADMIN_ROLE."""
