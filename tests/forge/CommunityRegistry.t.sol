// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityRegistry} from "../../contracts/interfaces/ICommunityRegistry.sol";
import {CommunityRegistryDesk} from "./CommunityRegistryDesk.sol";

contract CommunityRegistryTest is CommunityRegistryDesk {
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
        ICommunityRegistry.Community memory set = replaced(which % (PARTS + 1), address(registry));
        if (which % (PARTS + 1) == PARTS) {
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

    function testFuzz_register__address_without_code__is_refused(uint8 which) public {
        which %= PARTS;
        string[PARTS] memory parts = [
            "accessManager",
            "memberRegistry",
            "token",
            "rewardModels",
            "settlementLedger",
            "tokenPolicy",
            "treasury",
            "serviceExchange"
        ];
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommunityRegistry.CommunityRegistryNoCode.selector, parts[which], address(0xDEAD)
            )
        );
        registry.register(replaced(which, address(0xDEAD)));
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
        require(token.isSuspended(), "token not suspended");
        registry.resume(COMMUNITY);
        registry.resume(COMMUNITY);
        same(registry.community(COMMUNITY).status, 1, "resumed");
        require(!token.isSuspended(), "token still suspended");
        same(vm.getRecordedLogs().length, 4, "one event each, here and in the token");
    }

    function test_unknown_community__is_refused_or_empty() public {
        vm.expectRevert(abi.encodeWithSelector(ICommunityRegistry.CommunityRegistryUnknown.selector, "x"));
        registry.suspend("x");
        vm.expectRevert(abi.encodeWithSelector(ICommunityRegistry.CommunityRegistryUnknown.selector, "x"));
        registry.resume("x");
        same(registry.community("x").status, 0, "status");
        vm.expectRevert(
            abi.encodeWithSelector(ICommunityRegistry.CommunityRegistryIndexOutOfRange.selector, 0, 0)
        );
        registry.communityAt(0);
    }
}
