// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {CommunityRegistry} from "../../contracts/CommunityRegistry.sol";
import {CommunityToken} from "../../contracts/CommunityToken.sol";
import {MemberRegistry} from "../../contracts/MemberRegistry.sol";
import {RewardModels} from "../../contracts/RewardModels.sol";
import {SettlementLedger} from "../../contracts/SettlementLedger.sol";
import {ICommunityRegistry} from "../../contracts/interfaces/ICommunityRegistry.sol";
import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunityFixture} from "./CommunityFixture.sol";

contract CommunityRegistryTest is CommunityFixture {
    CommunityRegistry private registry;

    /// @dev This contract is the platform administrator.
    function setUp() public override {
        super.setUp();
        registry = new CommunityRegistry(address(manager));
        allow(address(registry), ICommunityRegistry.register.selector, 1);
        allow(address(registry), ICommunityRegistry.suspend.selector, 1);
        allow(address(registry), ICommunityRegistry.resume.selector, 1);
        manager.grantRole(1, address(this), 0);
    }

    function complete() private view returns (ICommunityRegistry.Community memory set) {
        set.communityId = COMMUNITY;
        set.name = "Fontana";
        set.accessManager = address(manager);
        set.memberRegistry = address(members);
        set.token = address(token);
        set.rewardModels = address(models);
        set.settlementLedger = address(ledger);
    }

    function test_register__complete_set__is_active_and_found() public {
        registry.register(complete());
        ICommunityRegistry.Community memory found = registry.community(COMMUNITY);
        require(found.status == 1 && found.registeredAt == block.timestamp, "status");
        same(found.settlementLedger, address(ledger), "ledger");
        same(registry.communityCount(), 1, "count");
        same(registry.communityAt(0).communityId, COMMUNITY, "at 0");
    }

    function test_register__again__changes_nothing() public {
        registry.register(complete());
        registry.suspend(COMMUNITY);
        vm.recordLogs();
        registry.register(complete());
        same(vm.getRecordedLogs().length, 0, "events");
        same(registry.communityCount(), 1, "count");
        same(registry.community(COMMUNITY).status, 2, "status");
    }

    function testFuzz_register__other_set_under_the_id__is_refused(uint8 which) public {
        registry.register(complete());
        ICommunityRegistry.Community memory set = replaced(which % 5, address(registry));
        if (which % 6 == 5) {
            set = complete();
            set.name = "Another";
        }
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommunityRegistry.CommunityRegistryConflict.selector,
                COMMUNITY,
                address(ledger),
                set.settlementLedger
            )
        );
        registry.register(set);
    }

    function replaced(uint8 which, address by) private view returns (ICommunityRegistry.Community memory set) {
        set = complete();
        if (which == 0) set.accessManager = by;
        if (which == 1) set.memberRegistry = by;
        if (which == 2) set.token = by;
        if (which == 3) set.rewardModels = by;
        if (which == 4) set.settlementLedger = by;
    }

    function testFuzz_register__address_without_code__is_refused(uint8 which) public {
        which %= 5;
        string[5] memory parts = ["accessManager", "memberRegistry", "token", "rewardModels", "settlementLedger"];
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommunityRegistry.CommunityRegistryNoCode.selector, parts[which], address(0xDEAD)
            )
        );
        registry.register(replaced(which, address(0xDEAD)));
    }

    function test_register__parts_of_other_sets__are_refused() public {
        AccessManager other = new AccessManager(address(this));
        expectNotLinked(replaced(0, address(other)), "memberRegistry.authority", address(manager), address(other));
        CommunityToken otherToken = new CommunityToken(address(manager), "Other", "OTH");
        expectNotLinked(
            replaced(2, address(otherToken)), "memberRegistry.token", address(token), address(otherToken)
        );
        RewardModels otherModels = new RewardModels(address(manager), NOTICE);
        expectNotLinked(
            replaced(3, address(otherModels)), "settlementLedger.models", address(models), address(otherModels)
        );
    }

    function expectNotLinked(
        ICommunityRegistry.Community memory set,
        string memory part,
        address found,
        address expected
    ) private {
        bytes4 selector = ICommunityRegistry.CommunityRegistryNotLinked.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, part, found, expected));
        registry.register(set);
    }

    function test_register__parts_of_another_community__are_refused() public {
        address otherMembers = address(new MemberRegistry(address(manager), address(token), "other"));
        ISettlementLedger.Configuration memory config = configuration();
        config.communityId = "other";
        address otherLedger = address(new SettlementLedger(config));
        bytes4 selector = ICommunityRegistry.CommunityRegistryWrongCommunity.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, "memberRegistry", "other", COMMUNITY));
        registry.register(replaced(1, otherMembers));
        vm.expectRevert(abi.encodeWithSelector(selector, "settlementLedger", "other", COMMUNITY));
        registry.register(replaced(4, otherLedger));
    }

    function test_register__before_the_roles_are_granted__is_refused() public {
        bytes4 selector = ICommunityRegistry.CommunityRegistryNotPermitted.selector;
        manager.revokeRole(101, address(ledger));
        vm.expectRevert(
            abi.encodeWithSelector(selector, address(ledger), address(token), ICommunityToken.creditBatch.selector)
        );
        registry.register(complete());
        manager.revokeRole(100, address(members));
        vm.expectRevert(
            abi.encodeWithSelector(selector, address(members), address(token), ICommunityToken.setAccount.selector)
        );
        registry.register(complete());
    }

    function testFuzz_register__text_of_0_or_more_than_64_bytes__is_refused(bool empty, bool name) public {
        ICommunityRegistry.Community memory set = complete();
        uint256 length = empty ? 0 : 65;
        if (name) set.name = string(new bytes(length));
        else set.communityId = string(new bytes(length));
        bytes4 selector = ICommunityRegistry.CommunityRegistryTextLength.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, name ? "name" : "communityId", length, 1, 64));
        registry.register(set);
    }

    function test_suspend_and_resume__each_once__then_silent() public {
        registry.register(complete());
        vm.recordLogs();
        registry.suspend(COMMUNITY);
        registry.suspend(COMMUNITY);
        same(registry.community(COMMUNITY).status, 2, "suspended");
        registry.resume(COMMUNITY);
        registry.resume(COMMUNITY);
        same(registry.community(COMMUNITY).status, 1, "resumed");
        same(vm.getRecordedLogs().length, 2, "events");
    }

    function test_unknown_community__is_refused_or_empty() public {
        vm.expectRevert(abi.encodeWithSelector(ICommunityRegistry.CommunityRegistryUnknown.selector, "x"));
        registry.suspend("x");
        same(registry.community("x").status, 0, "status");
        vm.expectRevert(
            abi.encodeWithSelector(ICommunityRegistry.CommunityRegistryIndexOutOfRange.selector, 0, 0)
        );
        registry.communityAt(0);
    }
}
