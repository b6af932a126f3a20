// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {CommunityToken} from "../../contracts/CommunityToken.sol";
import {MemberRegistry} from "../../contracts/MemberRegistry.sol";
import {RewardModels} from "../../contracts/RewardModels.sol";
import {ServiceExchange} from "../../contracts/ServiceExchange.sol";
import {SettlementLedger} from "../../contracts/SettlementLedger.sol";
import {TokenPolicy} from "../../contracts/TokenPolicy.sol";
import {Treasury} from "../../contracts/Treasury.sol";
import {ForgeTest} from "./ForgeTest.sol";

/// @dev The contracts of a community under test, who holds its roles, and the numbers it is deployed with.
abstract contract CommunitySet is ForgeTest {
    string internal constant COMMUNITY = "fontana";
    bytes32 internal constant GENESIS_HASH = keccak256("genesis of a test network");
    uint64 internal constant NOTICE = 7 days;
    uint64 internal constant REPLACEMENT_DELAY = 3 days;
    uint64 internal constant CONFIRMATION_PERIOD = 7 days;
    uint64 internal constant T0 = 1_464_739_200; // 2016-06-01 00:00 UTC
    uint64 internal constant P0 = T0 + 30 days; // start of period 0
    uint64 internal constant MONTH = 30 days;
    uint96 internal constant PERIOD_CAP = 1_000_000e18;
    uint96 internal constant MEMBER_CAP = 10_000e18;
    uint96 internal constant YEARLY_ISSUE = 1_000_000e18;

    address internal constant PLATFORM_ADMIN = address(0x9A);
    address internal constant COMMUNITY_ADMIN = address(0xC0);
    address internal constant TOKEN_ADMIN = address(0x7A);
    address internal constant ORACLE_ADMIN = address(0x0A);
    address internal constant REGISTRAR = address(0x4E);
    address internal constant VERIFIER = address(0x5E);
    address internal constant GUARDIAN = address(0x6A);
    /// In the place of the platform's CommunityRegistry.
    address internal constant PLATFORM_REGISTRY = address(0x9E);

    AccessManager internal manager;
    TokenPolicy internal policy;
    Treasury internal treasury;
    CommunityToken internal token;
    MemberRegistry internal members;
    RewardModels internal models;
    SettlementLedger internal ledger;
    ServiceExchange internal exchange;

    /// Oracle keys in ascending order of their addresses.
    uint256[3] internal oracleKeys;
}
