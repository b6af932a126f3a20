// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Role ids of a community's AccessManager
/// @notice The one list; role 0 is the AccessManager's own ADMIN_ROLE, held by nobody after deployment.
library Roles {
    uint64 internal constant PLATFORM_ADMIN = 1;
    uint64 internal constant COMMUNITY_ADMIN = 2;
    uint64 internal constant TOKEN_ADMIN = 3;
    uint64 internal constant ORACLE_ADMIN = 4;
    uint64 internal constant ORACLE = 5;
    uint64 internal constant REGISTRAR = 6;
    uint64 internal constant VERIFIER = 7;
    uint64 internal constant GUARDIAN = 8;
    uint64 internal constant AUDITOR = 9;
    /// Contracts of the community's set, each held by that contract alone.
    uint64 internal constant MEMBER_REGISTRY = 100;
    uint64 internal constant SETTLEMENT_LEDGER = 101;
    uint64 internal constant TOKEN_POLICY = 102;
    uint64 internal constant TREASURY = 103;
    uint64 internal constant SERVICE_EXCHANGE = 104;
    /// The platform's registry of communities.
    uint64 internal constant COMMUNITY_REGISTRY = 105;
}
