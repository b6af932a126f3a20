// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {SettlementLedger} from "../../contracts/SettlementLedger.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunityFixture} from "./CommunityFixture.sol";

/// @dev What surrounds the settlements: ingest log, caps, and what the constructor fixes.
contract SettlementTermsTest is CommunityFixture {
    // ------------------------------------------------------------------------------------------------ INGEST, CAPS

    function testFuzz_anchorIngest__grows_only(bytes32 root, uint64 size, bytes32 other, uint64 step) public {
        if (size == 0) size = 1;
        address oracle = vm.addr(oracleKeys[0]);
        vm.prank(oracle);
        ledger.anchorIngest(root, size);
        vm.prank(oracle);
        ledger.anchorIngest(root, size); // Again: nothing happens.
        if (other == root) other = ~root;
        uint64 smaller = size - step % size;
        vm.prank(oracle);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlementLedger.SettlementLedgerIngestConflict.selector, other, smaller, root, size
            )
        );
        ledger.anchorIngest(other, smaller);
        (bytes32 anchored, uint64 anchoredSize) = ledger.ingest();
        require(anchored == root && anchoredSize == size, "anchored");
    }

    function testFuzz_scheduleCaps__apply_after_the_notice(uint96 periodCap, uint96 memberCap, uint32 lead) public {
        uint64 validFrom = uint64(block.timestamp) + NOTICE + 1 + lead % 300 days;
        vm.prank(COMMUNITY_ADMIN);
        ledger.scheduleCaps(periodCap, memberCap, validFrom);
        (uint96 laterPeriod, uint96 laterMember, uint64 from) = ledger.scheduledCaps();
        require(laterPeriod == periodCap && laterMember == memberCap && from == validFrom, "scheduled");
        vm.warp(validFrom - 1);
        (uint96 nowPeriod, uint96 nowMember) = ledger.caps();
        require(nowPeriod == PERIOD_CAP && nowMember == MEMBER_CAP, "too early");
        vm.warp(validFrom);
        (nowPeriod, nowMember) = ledger.caps();
        require(nowPeriod == periodCap && nowMember == memberCap, "not in force");
    }

    function testFuzz_scheduleCaps__outside_of_the_notice_or_order__is_refused(uint64 validFrom) public {
        (uint64 earliest, uint64 latest) = (T0 + NOTICE, T0 + NOTICE + 2 * 366 days);
        vm.prank(COMMUNITY_ADMIN);
        ledger.scheduleCaps(1, 1, latest);
        bytes memory reason =
            abi.encodeWithSelector(ISettlementLedger.SettlementLedgerCapsOutOfOrder.selector, validFrom, latest);
        if (validFrom <= earliest || validFrom > latest) {
            bytes4 selector = ISettlementLedger.SettlementLedgerValidFromOutOfRange.selector;
            reason = abi.encodeWithSelector(selector, validFrom, earliest, latest);
        } else if (validFrom == latest) {
            return;
        }
        vm.prank(COMMUNITY_ADMIN);
        vm.expectRevert(reason);
        ledger.scheduleCaps(1, 1, validFrom);
    }

    // ------------------------------------------------------------------------------------------------ CONSTRUCTOR

    function test_constructor__arguments_out_of_range__are_refused() public {
        ISettlementLedger.Configuration memory config = configuration();
        config.periodKind = 3;
        expectOutOfRange(config, "periodKind", 3, 0, 2);
        config = configuration();
        config.minNotice = 3599;
        expectOutOfRange(config, "minNotice", 3599, 3600, type(uint64).max);
        config = configuration();
        config.requiredSignatures = 0;
        expectOutOfRange(config, "requiredSignatures", 0, 1, 255);
        config = configuration();
        config.communityId = string(new bytes(65_536));
        expectOutOfRange(config, "communityId", 65_536, 0, 65_535);
    }

    function expectOutOfRange(
        ISettlementLedger.Configuration memory config,
        string memory name,
        uint256 given,
        uint256 min,
        uint256 max
    ) private {
        vm.expectRevert(
            abi.encodeWithSelector(ISettlementLedger.SettlementLedgerOutOfRange.selector, name, given, min, max)
        );
        new SettlementLedger(config);
    }

    function test_views__what_the_constructor_fixed() public view {
        same(ledger.token(), address(token), "token");
        same(ledger.models(), address(models), "models");
        same(ledger.policy(), address(policy), "policy");
        same(ledger.communityId(), COMMUNITY, "community");
        same(ledger.periodKind(), 2, "kind");
        same(ledger.minNotice(), NOTICE, "notice");
    }
}
