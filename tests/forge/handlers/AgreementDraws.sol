// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../../contracts/interfaces/IServiceExchange.sol";
import {CommunityHandler} from "./CommunityHandler.sol";

/// @dev Drawn agreements: their terms, which are kept, and the acts of their parties.
abstract contract AgreementDraws is CommunityHandler {
    uint256 internal constant NONE = type(uint256).max;
    /// Older agreements are left to their fate, so that young ones get further.
    uint256 private constant RECENT = 5;
    uint256 private constant CITIZENS = 8;

    uint8 internal constant ACCEPT = 0;
    uint8 internal constant CANCEL = 1;
    uint8 internal constant DELIVER = 2;
    uint8 internal constant CONFIRM = 3;
    uint8 internal constant DISPUTE = 4;
    uint8 internal constant DECLARE_RETURN = 5;
    uint8 internal constant CONFIRM_RETURN = 6;
    uint8 internal constant FEEDBACK = 7;

    IServiceExchange.Terms[] private _terms;

    // --------------------------------------------------------------------------------------------------- DRAWING

    function drawTerms(uint256 seed) internal view returns (IServiceExchange.Terms memory terms) {
        terms.category = uint8(1 + (seed >> 20) % 8);
        terms.kind = drawKind(terms.category, (seed >> 24) % 8);
        bool citizenProvides = terms.category != 3 && terms.category != 4 && terms.category != 7;
        terms.provider = citizenProvides ? citizen(seed >> 32) : stakeholder(seed >> 32);
        if (terms.category < 6) terms.payers = drawPayers(terms.category, terms.provider, seed >> 40);
        terms.priceUnits = uint96((seed >> 64) % 8e18);
        if (terms.category == 2 || terms.category == 8) {
            terms.structure = stakeholder(seed >> 48);
            terms.compensationUnits = uint96((seed >> 80) % 2e18);
        }
        terms.deadline = uint64(block.timestamp + 1 + (seed >> 96) % 60 days);
        if (terms.kind == 1) {
            terms.durationMinutes = uint32(1 + (seed >> 64) % 60);
            uint256 perHour = policy.ratesAt(uint64(block.timestamp)).unitsPerHour;
            terms.priceUnits = uint96(terms.durationMinutes * perHour / 60);
        }
        if (terms.kind == 3) {
            terms.depositUnits = uint96((seed >> 88) % 3e18);
            terms.returnBy = terms.deadline + 30 days;
        }
        terms.salt = bytes32(_terms.length);
    }

    /// @dev Kinds that the category has: a service in half of the draws.
    function drawKind(uint8 category, uint256 drawn) private pure returns (uint8) {
        if (drawn < 4) return 0;
        if (category == 1) return uint8(1 + drawn % 3);
        if (category == 3) return 4;
        if (category == 4) return uint8(2 + drawn % 2);
        if (category == 5 || category == 7) return 0;
        return 1;
    }

    /// @dev One payer, or two neighbours for a group; the provider is passed over, in most draws.
    function drawPayers(uint8 category, bytes32 provider, uint256 seed)
        private
        view
        returns (bytes32[] memory payers)
    {
        bytes32 first = category <= 3 ? citizen(seed >> 8) : stakeholder(seed >> 8);
        if (first == provider) first = category <= 3 ? citizen((seed >> 8) + 1) : stakeholder((seed >> 8) + 1);
        bytes32 second = bytes32(uint256(first) + 1);
        bool group = category == 2 && seed % 2 == 0 && second != provider;
        payers = new bytes32[](group ? 2 : 1);
        payers[0] = first;
        if (group) payers[1] = second;
    }

    function citizen(uint256 seed) private view returns (bytes32) {
        return activeFrom(seed, 1, CITIZENS);
    }

    function stakeholder(uint256 seed) private view returns (bytes32) {
        return activeFrom(seed, CITIZENS + 1, 4);
    }

    /// @dev In three draws of four the next member who is active, in a circle of `count` from `first`; else any.
    function activeFrom(uint256 seed, uint256 first, uint256 count) private view returns (bytes32 member) {
        uint256 drawn = (seed & 0xff) % count;
        for (uint256 i; i < count; ++i) {
            member = bytes32(first + (drawn + i) % count);
            if ((seed >> 8) % 4 == 0 || statusOf(members.walletOf(member)) == 1) return member;
        }
    }

    // --------------------------------------------------------------------------------------------------- KEEPING

    function remember(IServiceExchange.Terms memory terms) internal {
        _terms.push(terms);
    }

    function termsAt(uint256 index) internal view returns (IServiceExchange.Terms memory) {
        return _terms[index];
    }

    function stateOf(uint256 index) internal view returns (uint8) {
        return exchange.agreement(exchange.agreementId(_terms[index])).state;
    }

    /// @dev A recent agreement in this state, NONE if there is none.
    function pick(uint256 seed, uint8 state) internal view returns (uint256) {
        uint256 count = recent();
        for (uint256 i; i < count; ++i) {
            uint256 index = _terms.length - 1 - (seed + i) % count;
            if (stateOf(index) == state) return index;
        }
        return NONE;
    }

    function pickAny(uint256 seed) internal view returns (uint256) {
        uint256 count = recent();
        return count == 0 ? NONE : _terms.length - 1 - seed % count;
    }

    function recent() private view returns (uint256) {
        return _terms.length < RECENT ? _terms.length : RECENT;
    }

    /// @dev I9: what the open agreements together hold in escrow.
    function escrowOfAll() external view returns (uint256 units) {
        for (uint256 i; i < _terms.length; ++i) units += exchange.escrowOf(_terms[i]);
    }

    // ------------------------------------------------------------------------------------------------------- ACTS

    function partiesOf(IServiceExchange.Terms memory terms) internal pure returns (bytes32[] memory parties) {
        uint256 payers = terms.payers.length;
        parties = new bytes32[](payers + (terms.structure == 0 ? 1 : 2));
        for (uint256 i; i < payers; ++i) parties[i] = terms.payers[i];
        parties[payers] = terms.provider;
        if (terms.structure != 0) parties[payers + 1] = terms.structure;
    }

    function actAll(IServiceExchange.Terms memory terms, uint8 act) internal {
        bytes32[] memory parties = partiesOf(terms);
        for (uint256 i; i < parties.length; ++i) actAs(parties[i], terms, act);
        if (terms.category >= 6) actForCommunity(terms, act);
    }

    /// @return passed False if the exchange refused the act of the member.
    function actAs(bytes32 member, IServiceExchange.Terms memory terms, uint8 act) internal returns (bool passed) {
        IServiceExchange.Authorization memory by = direct(member);
        bytes memory data;
        if (act == ACCEPT) data = abi.encodeCall(exchange.accept, (terms, by, noPermit()));
        if (act == CANCEL) data = abi.encodeCall(exchange.cancel, (terms, by));
        if (act == DELIVER) data = abi.encodeCall(exchange.deliver, (terms, by));
        if (act == CONFIRM) data = abi.encodeCall(exchange.confirm, (terms, by));
        if (act == DISPUTE) data = abi.encodeCall(exchange.dispute, (terms, bytes32("reason"), by));
        if (act == DECLARE_RETURN) data = abi.encodeCall(exchange.declareReturn, (terms, by));
        if (act == CONFIRM_RETURN) data = abi.encodeCall(exchange.confirmReturn, (terms, by));
        if (act == FEEDBACK) data = abi.encodeCall(exchange.giveFeedback, (terms, 5, bytes32(0), by));
        vm.prank(members.walletOf(member));
        (passed,) = address(exchange).call(data);
    }

    function actForCommunity(IServiceExchange.Terms memory terms, uint8 act) internal returns (bool passed) {
        vm.prank(COMMUNITY_ADMIN);
        (passed,) = address(exchange)
            .call(
                act == ACCEPT
                    ? abi.encodeCall(exchange.acceptForCommunity, (terms))
                    : abi.encodeCall(exchange.cancelForCommunity, (terms))
            );
    }

    function direct(bytes32 member) internal pure returns (IServiceExchange.Authorization memory by) {
        by.memberId = member;
    }

    function noPermit() internal pure returns (IServiceExchange.Permit memory none) {}

    function stateName(uint8 state) internal pure returns (string memory) {
        string[11] memory names = [
            "none",
            "proposed",
            "accepted",
            "delivered",
            "settled",
            "cancelled",
            "disputed",
            "resolved",
            "expired",
            "lent",
            "returned"
        ];
        return string.concat("agreement ", names[state]);
    }
}
