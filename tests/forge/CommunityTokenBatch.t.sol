// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {CommunityTokenDesk} from "./CommunityTokenDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev The batch credit, without and with the assignment fee.
contract CommunityTokenBatchTest is CommunityTokenDesk {
    uint96 private constant NO_CAP = type(uint96).max;

    // ----------------------------------------------------------------------------------------------- WITHOUT FEE

    function testFuzz_creditBatch__any_amounts__keeps_class_and_status(uint96 first, uint96 second, uint8 status)
        public
    {
        status = 1 + status % 4;
        token.setAccount(bob, STAKEHOLDER, status);
        credit(bob, first);
        credit(bob, second);
        requireAccount(bob, uint256(first) + second, STAKEHOLDER, status);
        same(token.totalSupply(), uint256(first) + second, "supply");
    }

    function testFuzz_creditBatch__non_member_between_members__is_skipped(
        uint96[3] memory amounts,
        uint160 stranger,
        uint16 bps
    ) public {
        address between = address(uint160(alice) + 1 + stranger % (uint160(bob) - uint160(alice) - 1));
        bytes32[] memory words = new bytes32[](3);
        words[0] = word(alice, amounts[0]);
        words[1] = word(between, amounts[1]);
        words[2] = word(bob, amounts[2]);
        vm.recordLogs();
        (uint256 credited, uint256 skipped) = token.creditBatch(words, address(0), NO_CAP, 0, bps % 2001);
        same(credited, uint256(amounts[0]) + amounts[2], "credited");
        same(skipped, amounts[1], "skipped");
        same(token.balanceOf(between), 0, "tokens of a non-member");
        Vm.Log memory log = vm.getRecordedLogs()[1];
        same(log.topics[0], ICommunityToken.CreditSkipped.selector, "event");
        same(log.topics[1], bytes32(uint256(uint160(between))), "wallet of the event");
        same(abi.decode(log.data, (uint256)), amounts[1], "amount of the event");
    }

    function test_creditBatch__member__emits_transfer_from_zero() public {
        vm.recordLogs();
        credit(alice, 7);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs.length, 1, "events");
        requireTransfer(logs[0], address(0), alice, 7);
    }

    function testFuzz_creditBatch__wallets_not_ascending__is_refused_with_both(
        uint160 first,
        uint160 second,
        bool withFee
    ) public {
        (first, second) = first > second ? (first, second) : (second, first);
        if (first == 0) first = 1;
        bytes32[] memory words = new bytes32[](2);
        words[0] = word(address(first), 0);
        words[1] = word(address(second), 0);
        expectNotAscending(address(second), address(first));
        token.creditBatch(words, address(0), 0, withFee ? 1 : 0, 0);
        words[1] = word(address(type(uint160).max), 0);
        expectNotAscending(address(first), address(first));
        token.creditBatch(words, address(first), 0, 0, withFee ? 1 : 0);
    }

    function expectNotAscending(address wallet, address previous) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommunityToken.CommunityTokenWalletsNotAscending.selector, wallet, previous
            )
        );
    }

    function testFuzz_creditBatch__amount_above_cap__is_refused_with_both(uint96 cap, uint96 above, bool withFee)
        public
    {
        if (cap == type(uint96).max) --cap;
        above = uint96(cap + 1 + above % (type(uint96).max - cap));
        bytes32[] memory words = new bytes32[](2);
        words[0] = word(alice, cap);
        words[1] = word(bob, above);
        vm.expectRevert(
            abi.encodeWithSelector(ICommunityToken.CommunityTokenPayoutAboveCap.selector, bob, above, cap)
        );
        token.creditBatch(words, address(0), cap, withFee ? 1 : 0, 0);
    }

    /// @dev The supply is set close to its limit by hand, since no number of batches would reach it.
    function test_creditBatch__supply_of_128_bits__is_the_limit() public {
        setSupply(SUPPLY_MAX - 5);
        credit(alice, 5);
        same(token.totalSupply(), SUPPLY_MAX, "supply");
        expectSupplyLimit();
        token.creditBatch(oneWord(alice, 1), address(0), 1, 0, 0);
    }

    /// @dev The fee is part of the growth too.
    function test_creditBatch__with_fee_above_128_bits__is_refused() public {
        setSupply(SUPPLY_MAX - 9);
        expectSupplyLimit();
        token.creditBatch(oneWord(alice, 10), address(0), 10, 2000, 2000);
    }

    function test_issue__above_128_bits__is_refused() public {
        setSupply(SUPPLY_MAX);
        expectSupplyLimit();
        token.issue(1);
    }

    function expectSupplyLimit() private {
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommunityToken.CommunityTokenSupplyLimit.selector, SUPPLY_MAX + 1, SUPPLY_MAX
            )
        );
    }

    function setSupply(uint256 supply) private {
        credit(alice, 0x1234_5678_9abc);
        uint256 slot;
        while (uint256(vm.load(address(token), bytes32(slot))) != 0x1234_5678_9abc) ++slot;
        vm.store(address(token), bytes32(slot), bytes32(supply));
    }

    // -------------------------------------------------------------------------------------------------- WITH FEE

    function testFuzz_creditBatch__with_fee__nets_members_and_fees_sum_up(
        uint96[3] memory amounts,
        uint16 citizenBps,
        uint16 stakeholderBps
    ) public {
        (citizenBps, stakeholderBps) = (citizenBps % 2001, stakeholderBps % 2001);
        (uint256 credited,) = token.creditBatch(three(amounts), address(0), NO_CAP, citizenBps, stakeholderBps);
        uint256[3] memory fees = [
            uint256(amounts[0]) * citizenBps / 10_000,
            uint256(amounts[1]) * stakeholderBps / 10_000,
            uint256(amounts[2]) * citizenBps / 10_000
        ];
        same(credited, uint256(amounts[0]) + amounts[1] + amounts[2], "credited before fee");
        requireAccount(alice, amounts[0] - fees[0], CITIZEN, ACTIVE);
        requireAccount(bob, amounts[1] - fees[1], STAKEHOLDER, ACTIVE);
        requireAccount(carol, amounts[2] - fees[2], CITIZEN, ACTIVE);
        requireAccount(TREASURY, fees[0] + fees[1] + fees[2], SYSTEM, ACTIVE);
        same(token.totalSupply(), credited, "supply");
    }

    function test_creditBatch__with_fee__emits_net_fee_and_one_sum() public {
        uint96[3] memory amounts = [uint96(1000), 1000, 1001];
        vm.recordLogs();
        token.creditBatch(three(amounts), address(0), NO_CAP, 1000, 0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs.length, 6, "events");
        requireTransfer(logs[0], address(0), alice, 900);
        requireFee(logs[1], address(0), alice, 1000, 100, 2);
        requireTransfer(logs[2], address(0), bob, 1000);
        requireTransfer(logs[3], address(0), carol, 901);
        requireFee(logs[4], address(0), carol, 1001, 100, 2);
        requireTransfer(logs[5], address(0), TREASURY, 200);
    }

    function test_creditBatch__fees_of_less_than_a_unit__leave_the_treasury_alone() public {
        vm.recordLogs();
        token.creditBatch(oneWord(alice, 4), address(0), NO_CAP, 2000, 2000);
        same(vm.getRecordedLogs().length, 1, "events");
        same(token.balanceOf(alice), 4, "member");
    }

    function testFuzz_creditBatch__with_fee_to_the_treasury__takes_none_of_it(uint96 amount) public {
        token.creditBatch(oneWord(TREASURY, amount), address(0), NO_CAP, 2000, 2000);
        requireAccount(TREASURY, amount, SYSTEM, ACTIVE);
    }

    function testFuzz_creditBatch__with_fee__pays_every_status(uint8 status) public {
        status = 1 + status % 4;
        token.setAccount(alice, CITIZEN, status);
        token.creditBatch(oneWord(alice, 100), address(0), NO_CAP, 500, 0);
        requireAccount(alice, 95, CITIZEN, status);
    }

    function testFuzz_creditBatch__fee_above_the_limit__is_refused(uint16 bps, bool ofCitizens) public {
        bps = uint16(2001 + bps % (type(uint16).max - 2000));
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenFeeAboveLimit.selector, bps, 2000));
        token.creditBatch(oneWord(alice, 1), address(0), NO_CAP, ofCitizens ? bps : 0, ofCitizens ? 0 : bps);
    }

    /// @dev Both loops do the same with a fee that rounds to nothing: amounts below 10,000 / bps.
    function testFuzz_creditBatch__tiny_amounts__agree_with_and_without_fee(uint96[3] memory amounts) public {
        for (uint256 i; i < 3; ++i) amounts[i] %= 10_000;
        bytes32[] memory words = three(amounts);
        (uint256 credited, uint256 skipped) = token.creditBatch(words, address(0), NO_CAP, 0, 0);
        (uint256 creditedAgain, uint256 skippedAgain) = token.creditBatch(words, address(0), NO_CAP, 1, 1);
        same(creditedAgain, credited, "credited");
        same(skippedAgain, skipped, "skipped");
        requireAccount(alice, 2 * uint256(amounts[0]), CITIZEN, ACTIVE);
        requireAccount(bob, 2 * uint256(amounts[1]), STAKEHOLDER, ACTIVE);
    }

    function three(uint96[3] memory amounts) private view returns (bytes32[] memory words) {
        words = new bytes32[](3);
        words[0] = word(alice, amounts[0]);
        words[1] = word(bob, amounts[1]);
        words[2] = word(carol, amounts[2]);
    }
}
