// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunityRegistry} from "../../contracts/CommunityRegistry.sol";
import {ICommunityRegistry} from "../../contracts/interfaces/ICommunityRegistry.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {CommunityFixture} from "./CommunityFixture.sol";

/// @dev A registry whose platform administrator is the test contract, and the set that it registers.
abstract contract CommunityRegistryDesk is CommunityFixture {
    uint8 internal constant PARTS = 8;

    CommunityRegistry internal registry;

    function setUp() public virtual override {
        super.setUp();
        registry = new CommunityRegistry(address(manager));
        allow(address(registry), ICommunityRegistry.register.selector, Roles.PLATFORM_ADMIN);
        allow(address(registry), ICommunityRegistry.suspend.selector, Roles.PLATFORM_ADMIN);
        allow(address(registry), ICommunityRegistry.resume.selector, Roles.PLATFORM_ADMIN);
        manager.grantRole(Roles.PLATFORM_ADMIN, address(this), 0);
        manager.grantRole(Roles.COMMUNITY_REGISTRY, address(registry), 0);
    }

    function complete() internal view returns (ICommunityRegistry.Community memory set) {
        set.communityId = COMMUNITY;
        set.name = "Fontana";
        set.accessManager = address(manager);
        set.memberRegistry = address(members);
        set.token = address(token);
        set.rewardModels = address(models);
        set.settlementLedger = address(ledger);
        set.tokenPolicy = address(policy);
        set.treasury = address(treasury);
        set.serviceExchange = address(exchange);
    }

    /// @dev The set with `by` in the place of one part; the parts in the order of the struct.
    function replaced(uint8 which, address by) internal view returns (ICommunityRegistry.Community memory set) {
        set = complete();
        if (which == 0) set.accessManager = by;
        if (which == 1) set.memberRegistry = by;
        if (which == 2) set.token = by;
        if (which == 3) set.rewardModels = by;
        if (which == 4) set.settlementLedger = by;
        if (which == 5) set.tokenPolicy = by;
        if (which == 6) set.treasury = by;
        if (which == 7) set.serviceExchange = by;
    }
}
