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

# Whoever is not named in this table may not call the function: everything else of these contracts is open to all.
RESTRICTED = {
    ("token", "setAccount"): MEMBER_REGISTRY,
    ("token", "creditBatch"): SETTLEMENT_LEDGER,
    ("members", "join"): REGISTRAR,
    ("models", "schedule"): ORACLE_ADMIN,
    ("ledger", "anchorIngest"): ORACLE,
    ("ledger", "scheduleCaps"): COMMUNITY_ADMIN,
    ("ledger", "setRequiredSignatures"): ORACLE_ADMIN,
}
RESTRICTED_ON_PLATFORM = {
    ("registry", "register"): PLATFORM_ADMIN,
    ("registry", "suspend"): PLATFORM_ADMIN,
    ("registry", "resume"): PLATFORM_ADMIN,
}

# Each role is granted and revoked by the one above it; the two contract roles by nobody any more.
GRANTED_BY = {
    PLATFORM_ADMIN: PLATFORM_ADMIN,
    COMMUNITY_ADMIN: PLATFORM_ADMIN,
    **dict.fromkeys((TOKEN_ADMIN, ORACLE_ADMIN, ORACLE, REGISTRAR, VERIFIER, GUARDIAN, AUDITOR), COMMUNITY_ADMIN),
    MEMBER_REGISTRY: ADMIN,
    SETTLEMENT_LEDGER: ADMIN,
}
