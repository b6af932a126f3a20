"""The permission table of a community, written down as the specification of the contracts says it (§3)."""

ADMIN = 0  # OpenZeppelin's, held by nobody after deployment
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

CONTRACT_ROLES = (
    MEMBER_REGISTRY,
    SETTLEMENT_LEDGER,
    TOKEN_POLICY,
    TREASURY,
    SERVICE_EXCHANGE,
    COMMUNITY_REGISTRY,
)

_ALLOWED = {
    "token": {
        MEMBER_REGISTRY: ("setAccount", "moveAccount", "sweep"),
        SETTLEMENT_LEDGER: ("creditBatch",),
        TOKEN_POLICY: ("setTransferFees",),
        TREASURY: ("issue", "burn"),
        SERVICE_EXCHANGE: ("escrow", "release"),
        GUARDIAN: ("pause",),
        COMMUNITY_ADMIN: ("unpause",),
        COMMUNITY_REGISTRY: ("setSuspended",),
    },
    "members": {
        REGISTRAR: ("join", "proposeReplacement"),
        COMMUNITY_ADMIN: (
            "freeze",
            "unfreeze",
            "announceExclusion",
            "cancelExclusion",
            "exclude",
            "cancelReplacement",
        ),
    },
    "policy": {
        TOKEN_ADMIN: ("scheduleFees", "scheduleIncentive", "scheduleBonuses", "scheduleRates"),
        COMMUNITY_ADMIN: ("scheduleBudgets",),
    },
    "treasury": {
        TOKEN_ADMIN: ("issue", "burn", "sell", "openEnergyBonus"),
        MEMBER_REGISTRY: ("grantWelcomeBonus",),
        SERVICE_EXCHANGE: ("fundService", "payIncentive"),
    },
    "exchange": {
        COMMUNITY_ADMIN: (
            "proposeForCommunity",
            "acceptForCommunity",
            "cancelForCommunity",
            "disputeForCommunity",
            "resolve",
        ),
        PLATFORM_ADMIN: ("resolveForCommunity",),
        VERIFIER: ("recordCheck",),
    },
    "models": {ORACLE_ADMIN: ("schedule",)},
    "ledger": {
        ORACLE: ("anchorIngest",),
        COMMUNITY_ADMIN: ("scheduleCaps", "voidRestInPause"),
        ORACLE_ADMIN: ("setRequiredSignatures",),
    },
}
# Whoever is not named in this table may not call the function.
RESTRICTED = {
    (contract, function): role
    for contract, rows in _ALLOWED.items()
    for role, functions in rows.items()
    for function in functions
}
RESTRICTED_ON_PLATFORM = {
    ("registry", "register"): PLATFORM_ADMIN,
    ("registry", "suspend"): PLATFORM_ADMIN,
    ("registry", "resume"): PLATFORM_ADMIN,
}
# The one-shot links of the wiring: they belong to the administrator that nobody is any more.
OF_NOBODY = {("token", "bind"), ("policy", "bind"), ("treasury", "bind")}

# What everybody may call: the members themselves, and whoever carries their signatures or finishes what is due.
OPEN_TO_ALL = {
    "token": {
        "transfer",
        "transferFrom",
        "approve",
        "permit",
        "transferWithAuthorization",
        "cancelAuthorization",
    },
    "members": {"leave", "replaceWallet", "objectToReplacement", "executeReplacement", "sweep"},
    "policy": set(),
    "treasury": {"claimWelcomeBonus", "payEnergyBonus"},
    "exchange": {
        "propose",
        "accept",
        "cancel",
        "deliver",
        "confirm",
        "release",
        "expire",
        "dispute",
        "refundUndecided",
        "declareReturn",
        "confirmReturn",
        "releaseDeposit",
        "payIncentive",
        "giveFeedback",
    },
    "models": set(),
    "ledger": {"open", "pay", "voidRest"},
}

# Each role is granted and revoked by the one above it; the contracts' own by nobody any more.
GRANTED_BY = {
    PLATFORM_ADMIN: PLATFORM_ADMIN,
    COMMUNITY_ADMIN: PLATFORM_ADMIN,
    **dict.fromkeys((TOKEN_ADMIN, ORACLE_ADMIN, ORACLE, REGISTRAR, VERIFIER, GUARDIAN, AUDITOR), COMMUNITY_ADMIN),
    **dict.fromkeys(CONTRACT_ROLES, ADMIN),
}
