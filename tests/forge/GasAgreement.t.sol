// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {GasDesk} from "./GasDesk.sol";

/// @dev Gas of a service between two citizens, from the proposal of the provider to the confirmation of the payer, who
/// accepts with a permit. Each step is a transaction of the member's own wallet.
/// forge-config: default.isolate = true
contract GasAgreementTest is GasDesk {
    uint256 private constant PROVIDER = 1;
    uint256 private constant PAYER = 2;
    uint96 private constant PRICE = 3e18;

    function setUp() public override {
        super.setUp();
        payGas(memberWords(1, 2));
        vm.prank(TOKEN_ADMIN);
        treasury.issue(1000e18);
    }

    function test_agreement__first_of_a_community__within_goal() public {
        uint256 used = agreementGas("first");
        note("agreement, category 1, first of a community", used);
        require(used <= 450_000, "agreement");
    }

    function test_agreement__later_one__within_goal() public {
        agreementGas("first");
        uint256 used = agreementGas("later");
        note("agreement, category 1, later one", used);
        require(used <= 450_000, "agreement");
    }

    function test_agreement__with_service_fee__gas() public {
        chargeEverywhere(500);
        agreementGas("first");
        note("agreement, category 1, with service fee", agreementGas("later"));
    }

    function test_agreement__with_incentive__gas() public {
        uint64 validFrom = uint64(block.timestamp) + NOTICE + 1;
        vm.prank(TOKEN_ADMIN);
        policy.scheduleIncentive(1, 0, ITokenPolicy.IncentiveRule(1e18, 0, 1e18, 500, 0), validFrom);
        vm.warp(validFrom);
        uint256 before = token.balanceOf(address(treasury));
        uint256 first = agreementGas("first");
        require(token.balanceOf(address(treasury)) == before - 1e18, "no incentive was paid");
        note("agreement, category 1, first with incentive of a month", first);
        note("agreement, category 1, later one with incentive", agreementGas("later"));
    }

    // ------------------------------------------------------------------------------------------------------ STEPS

    function agreementGas(bytes32 salt) private returns (uint256 used) {
        IServiceExchange.Terms memory terms = termsOf(salt);
        IServiceExchange.Permit memory permit;
        vm.prank(walletOf(PROVIDER));
        exchange.propose(terms, own(PROVIDER), permit);
        used = lastGas();
        permit.value = PRICE;
        permit.deadline = block.timestamp;
        (permit.v, permit.r, permit.s) = permitOf(PAYER, address(exchange), PRICE);
        vm.prank(walletOf(PAYER));
        exchange.accept(terms, own(PAYER), permit);
        used += lastGas();
        vm.prank(walletOf(PROVIDER));
        exchange.deliver(terms, own(PROVIDER));
        used += lastGas();
        uint256 held = token.balanceOf(walletOf(PROVIDER));
        vm.prank(walletOf(PAYER));
        exchange.confirm(terms, own(PAYER));
        used += lastGas();
        require(token.balanceOf(walletOf(PROVIDER)) > held, "the price was not released");
    }

    function termsOf(bytes32 salt) private view returns (IServiceExchange.Terms memory terms) {
        (terms.category, terms.provider, terms.payers) = (1, bytes32(PROVIDER), new bytes32[](1));
        terms.payers[0] = bytes32(PAYER);
        terms.priceUnits = PRICE;
        terms.deadline = uint64(block.timestamp) + 10 days;
        terms.contentHash = sha256("words");
        terms.salt = keccak256(abi.encode(salt));
    }

    function own(uint256 member) private pure returns (IServiceExchange.Authorization memory authorization) {
        authorization.memberId = bytes32(member);
    }
}
