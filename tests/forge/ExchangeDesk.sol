// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeRules} from "./ExchangeRules.sol";

/// @dev Members who exchange services: 1 to 4 are citizens, 11 and 12 stakeholders; each holds 1,000 tokens and allows
/// the exchange to take them, the Treasury holds 10,000.
abstract contract ExchangeDesk is ExchangeRules {
    uint256 internal constant ANNA = 1;
    uint256 internal constant BRUNO = 2;
    uint256 internal constant CARLA = 3;
    uint256 internal constant DINO = 4;
    uint256 internal constant HALL = 11; // owns a structure
    uint256 internal constant SHOP = 12;

    uint8 internal constant PROPOSED = 1;
    uint8 internal constant ACCEPTED = 2;
    uint8 internal constant DELIVERED = 3;
    uint8 internal constant SETTLED = 4;
    uint8 internal constant CANCELLED = 5;
    uint8 internal constant DISPUTED = 6;
    uint8 internal constant RESOLVED = 7;
    uint8 internal constant EXPIRED = 8;
    uint8 internal constant LENT = 9;
    uint8 internal constant RETURNED = 10;

    uint96 internal constant PRICE = 30e18;
    uint96 internal constant COMPENSATION = 7e18;
    uint96 internal constant DEPOSIT = 50e18;
    uint256 internal constant HOLDING = 1000e18;
    uint64 internal constant DAY = 1 days;
    bytes32 internal constant REASON = keccak256("reason");

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i = ANNA; i <= DINO; ++i) enter(i, CITIZEN);
        enter(HALL, STAKEHOLDER);
        enter(SHOP, STAKEHOLDER);
        vm.prank(TOKEN_ADMIN);
        treasury.issue(10_000e18);
    }

    function enter(uint256 member, uint8 class_) internal {
        address wallet = joinMember(member, class_);
        endow(wallet, uint96(HOLDING));
        vm.prank(wallet);
        token.approve(address(exchange), type(uint256).max);
    }

    /// @dev As the ledger does with a chunk of one payout.
    function endow(address wallet, uint96 units) internal {
        bytes32[] memory words = new bytes32[](1);
        words[0] = word(wallet, units);
        vm.prank(address(ledger));
        token.creditBatch(words, address(0), type(uint96).max, 0, 0);
    }

    // ----------------------------------------------------------------------------------------------------- TERMS

    /// @dev Lawful terms: Anna provides for Bruno, or whom the category wants in their places.
    function termsOf(uint8 category, uint8 kind) internal view returns (IServiceExchange.Terms memory terms) {
        bool providerIsStakeholder = category == 3 || category == 4 || category == 7;
        terms.category = category;
        terms.kind = kind;
        terms.provider = bytes32(providerIsStakeholder ? SHOP : ANNA);
        if (category == 4 || category == 5) terms.payers = list(HALL);
        else if (category < 6) terms.payers = list(BRUNO);
        if (category == 2 || category == 8) (terms.structure, terms.compensationUnits) = (bytes32(HALL), COMPENSATION);
        terms.priceUnits = PRICE;
        terms.deadline = uint64(block.timestamp) + 10 * DAY;
        if (kind == 1) (terms.durationMinutes, terms.priceUnits) = (90, 15e18);
        if (kind == 3) (terms.depositUnits, terms.returnBy) = (DEPOSIT, terms.deadline + 20 * DAY);
        terms.contentHash = keccak256("words");
        terms.salt = bytes32(uint256(0x5A17));
    }

    function service() internal view returns (IServiceExchange.Terms memory) {
        return termsOf(1, 0);
    }

    /// @dev A course of Anna in the hall for `payers`.
    function course(bytes32[] memory payers) internal view returns (IServiceExchange.Terms memory terms) {
        terms = termsOf(2, 0);
        terms.payers = payers;
    }

    function list(uint256 a) internal pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = bytes32(a);
    }

    function list(uint256 a, uint256 b) internal pure returns (bytes32[] memory ids) {
        ids = new bytes32[](2);
        (ids[0], ids[1]) = (bytes32(a), bytes32(b));
    }

    function list(uint256 a, uint256 b, uint256 c) internal pure returns (bytes32[] memory ids) {
        ids = new bytes32[](3);
        (ids[0], ids[1], ids[2]) = (bytes32(a), bytes32(b), bytes32(c));
    }

    // ------------------------------------------------------------------------------------------------------ ACTS
    // Each act is sent by the member's own wallet.

    function own(uint256 member) internal pure returns (IServiceExchange.Authorization memory authorization) {
        authorization.memberId = bytes32(member);
    }

    function noPermit() internal pure returns (IServiceExchange.Permit memory permit) {}

    function propose(IServiceExchange.Terms memory terms, uint256 member) internal returns (bytes32) {
        vm.prank(walletOf(member));
        return exchange.propose(terms, own(member), noPermit());
    }

    function accept(IServiceExchange.Terms memory terms, uint256 member) internal {
        vm.prank(walletOf(member));
        exchange.accept(terms, own(member), noPermit());
    }

    function cancel(IServiceExchange.Terms memory terms, uint256 member) internal {
        vm.prank(walletOf(member));
        exchange.cancel(terms, own(member));
    }

    function deliver(IServiceExchange.Terms memory terms) internal {
        uint256 provider = uint256(terms.provider);
        vm.prank(walletOf(provider));
        exchange.deliver(terms, own(provider));
    }

    function confirm(IServiceExchange.Terms memory terms, uint256 member) internal {
        vm.prank(walletOf(member));
        exchange.confirm(terms, own(member));
    }

    function dispute(IServiceExchange.Terms memory terms, uint256 member) internal {
        vm.prank(walletOf(member));
        exchange.dispute(terms, REASON, own(member));
    }

    /// @dev Proposed by the provider, accepted by everybody else.
    function agree(IServiceExchange.Terms memory terms) internal returns (bytes32 id) {
        id = propose(terms, uint256(terms.provider));
        for (uint256 i; i < terms.payers.length; ++i) accept(terms, uint256(terms.payers[i]));
        if (terms.structure != 0) accept(terms, uint256(terms.structure));
        if (terms.category >= 6) {
            vm.prank(COMMUNITY_ADMIN);
            exchange.acceptForCommunity(terms);
        }
    }

    function agreeAndDeliver(IServiceExchange.Terms memory terms) internal returns (bytes32 id) {
        id = agree(terms);
        deliver(terms);
    }

    /// @dev Confirmed by the payers, or by a verifier.
    function settle(IServiceExchange.Terms memory terms) internal returns (bytes32 id) {
        id = agreeAndDeliver(terms);
        for (uint256 i; i < terms.payers.length; ++i) confirm(terms, uint256(terms.payers[i]));
        if (terms.category >= 6) check(terms, 2);
    }

    function check(IServiceExchange.Terms memory terms, uint8 checks) internal {
        vm.prank(VERIFIER);
        exchange.recordCheck(terms, checks);
    }

    function resolve(IServiceExchange.Terms memory terms, uint256 toReceiver, uint256 toStructure) internal {
        vm.prank(terms.category < 6 ? COMMUNITY_ADMIN : PLATFORM_ADMIN);
        if (terms.category < 6) exchange.resolve(terms, toReceiver, toStructure);
        else exchange.resolveForCommunity(terms, toReceiver, toStructure);
    }

    function pause() internal {
        vm.prank(GUARDIAN);
        token.pause();
    }

    function unpause() internal {
        vm.prank(COMMUNITY_ADMIN);
        token.unpause();
    }

    function suspend() internal {
        vm.prank(PLATFORM_REGISTRY);
        token.setSuspended(true);
    }

    function freeze(uint256 member) internal {
        vm.prank(COMMUNITY_ADMIN);
        members.freeze(bytes32(member));
    }

    function depart(uint256 member) internal {
        vm.prank(walletOf(member));
        members.leave(bytes32(member), 0, "");
    }

    // ---------------------------------------------------------------------------------------------- EXPECTATIONS

    function refuse(bytes memory reason) internal {
        vm.expectRevert(reason);
    }

    /// @dev The provider proposes; `reason` tells what is wrong.
    function refuseTerms(IServiceExchange.Terms memory terms, bytes memory reason) internal {
        address provider = walletOf(uint256(terms.provider));
        vm.prank(provider);
        refuse(reason);
        exchange.propose(terms, own(uint256(terms.provider)), noPermit());
    }

    function refuseState(bytes32 id, uint8 found, uint16 allowed) internal {
        refuse(abi.encodeWithSelector(IServiceExchange.ServiceExchangeWrongState.selector, id, found, allowed));
    }

    function requireState(bytes32 id, uint8 expected) internal view {
        same(exchange.agreement(id).state, expected, "state");
    }

    /// @dev Balance of the member less what everybody began with.
    function requireGain(uint256 member, int256 expected) internal view {
        same(token.balanceOf(walletOf(member)), uint256(int256(HOLDING) + expected), "balance of a member");
    }

    function requireEscrow(IServiceExchange.Terms memory terms, uint256 expected) internal view {
        same(exchange.escrowOf(terms), expected, "escrow of the agreement");
        same(token.balanceOf(address(exchange)), expected, "escrow");
    }
}
