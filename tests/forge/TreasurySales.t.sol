// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {TreasuryDesk} from "./TreasuryDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev Tokens for euro: stakeholders only, each payment once.
contract TreasurySalesTest is TreasuryDesk {
    bytes32 private constant PAYMENT = keccak256("salt and reference of a transfer");

    bytes32 private _shop;
    bytes32 private _citizen;

    function setUp() public override {
        super.setUp();
        _shop = join(1, STAKEHOLDER);
        _citizen = join(2, CITIZEN);
        fund(1_000e18);
    }

    function test_sell__to_a_stakeholder__cents_times_rate_without_fee() public {
        vm.recordLogs();
        treasury.sell(_shop, 12_345, PAYMENT);
        Vm.Log memory log = vm.getRecordedLogs()[0];
        same(log.topics[0], ITreasury.Sold.selector, "event");
        same(log.topics[1], PAYMENT, "reference");
        same(log.topics[2], _shop, "member");
        same(keccak256(log.data), keccak256(abi.encode(12_345, 123.45e18)), "cents and units");
        same(held(1), 123.45e18, "received");
        same(holdings(), 1_000e18 - 123.45e18, "left");
    }

    function test_sell__sale_is_readable_by_its_reference() public {
        vm.warp(T0 + 77);
        treasury.sell(_shop, 5, PAYMENT);
        ITreasury.Sale memory sale = treasury.saleOf(PAYMENT);
        same(keccak256(abi.encode(sale)), keccak256(abi.encode(_shop, 5e16, 5, T0 + 77)), "sale");
        same(treasury.saleOf("another").memberId, 0, "another reference");
    }

    function test_sell__reference_used__is_refused_whoever_buys() public {
        bytes32 other = join(3, STAKEHOLDER);
        treasury.sell(_shop, 5, PAYMENT);
        bytes memory refusal = abi.encodeWithSelector(ITreasury.TreasuryReferenceUsed.selector, PAYMENT, _shop, 5);
        vm.expectRevert(refusal);
        treasury.sell(_shop, 5, PAYMENT);
        vm.expectRevert(refusal);
        treasury.sell(other, 7, PAYMENT);
    }

    function test_sell__reference_0__is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryReferenceZero.selector));
        treasury.sell(_shop, 5, 0);
    }

    function test_sell__to_a_citizen__is_refused() public {
        vm.expectRevert(
            abi.encodeWithSelector(ITreasury.TreasuryNotAStakeholder.selector, _citizen, CITIZEN, STAKEHOLDER)
        );
        treasury.sell(_citizen, 5, PAYMENT);
    }

    function test_sell__to_nobody__is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryUnknownMember.selector, idOf(99)));
        treasury.sell(idOf(99), 5, PAYMENT);
    }

    function testFuzz_sell__by_status__refused_after_leaving_only(uint8 status) public {
        status = 1 + status % 4;
        token.setAccount(walletOf(1), STAKEHOLDER, status);
        if (status >= LEFT) {
            vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryMemberLeft.selector, _shop, status));
            treasury.sell(_shop, 5, PAYMENT);
        } else {
            treasury.sell(_shop, 5, PAYMENT);
            same(held(1), 5e16, "received");
        }
    }

    function test_sell__after_a_replacement__goes_to_the_new_wallet() public {
        replaceWallet(1, address(0xBEEF));
        treasury.sell(_shop, 5, PAYMENT);
        same(token.balanceOf(address(0xBEEF)), 5e16, "received");
    }

    function test_sell__nothing_for_the_money__is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryNothingToSell.selector, 0, 1e16));
        treasury.sell(_shop, 0, PAYMENT);
        enforce(ITokenPolicy.Rates(0, 1));
        vm.expectRevert(abi.encodeWithSelector(ITreasury.TreasuryNothingToSell.selector, 5, 0));
        treasury.sell(_shop, 5, PAYMENT);
    }

    function test_sell__rate_changed__counts_from_its_second() public {
        uint64 validFrom = soonest();
        policy.scheduleRates(ITokenPolicy.Rates(3, 1), validFrom);
        vm.warp(validFrom - 1);
        treasury.sell(_shop, 1, "before");
        same(held(1), 1e16, "at the old rate");
        vm.warp(validFrom);
        treasury.sell(_shop, 1, "after");
        same(held(1), 1e16 + 3, "at the new rate");
    }

    function test_sell__more_than_held__is_refused_and_the_reference_stays_free() public {
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC20InsufficientBalance(address,uint256,uint256)", address(treasury), 1_000e18, 1_000.01e18
            )
        );
        treasury.sell(_shop, 100_001, PAYMENT);
        same(treasury.saleOf(PAYMENT).memberId, 0, "member of the reference");
    }

    /// @dev The largest cents and rate that there are make 160 bits, more than any balance.
    function testFuzz_sell__any_cents_and_rate__exact_or_refused(uint64 cents, uint96 unitsPerCent) public {
        enforce(ITokenPolicy.Rates(unitsPerCent, 1));
        uint256 units = uint256(cents) * unitsPerCent;
        if (units == 0) {
            vm.expectRevert(
                abi.encodeWithSelector(ITreasury.TreasuryNothingToSell.selector, cents, unitsPerCent)
            );
        } else if (units > 1_000e18) {
            vm.expectRevert(
                abi.encodeWithSignature(
                    "ERC20InsufficientBalance(address,uint256,uint256)", address(treasury), 1_000e18, units
                )
            );
        }
        treasury.sell(_shop, cents, PAYMENT);
        if (units != 0 && units <= 1_000e18) same(held(1), units, "received");
    }

    function test_sell__in_a_pause__is_refused() public {
        token.pause();
        vm.expectRevert(abi.encodeWithSignature("CommunityTokenPaused(uint256)", T0));
        treasury.sell(_shop, 5, PAYMENT);
    }
}
