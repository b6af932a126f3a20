// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeModel} from "./ExchangeModel.sol";

/// @dev The acts that the machine draws, by number, as calls of their own, so that their refusal can be expected.
abstract contract ExchangeActs is ExchangeModel {
    /// @dev The call itself, which may revert as a whole.
    function send(uint256 way, IServiceExchange.Terms calldata terms, uint256 member, uint256 seed) external {
        if (way == 8) return sendDecision(terms, seed);
        address sender = member == NOBODY ? COMMUNITY_ADMIN : walletOf(member);
        IServiceExchange.Authorization memory by = own(member);
        if (way == 12) sender = VERIFIER;
        vm.prank(sender);
        if (member == NOBODY && sendForCommunity(way, terms)) return;
        if (way == 0) exchange.propose(terms, by, noPermit());
        else if (way == 1) exchange.accept(terms, by, noPermit());
        else if (way == 2) exchange.cancel(terms, by);
        else if (way == 3) exchange.deliver(terms, by);
        else if (way == 4) exchange.confirm(terms, by);
        else if (way == 5) exchange.expire(terms);
        else if (way == 6) exchange.dispute(terms, REASON, by);
        else if (way == 7) sendSilence(terms);
        else if (way == 9) exchange.refundUndecided(terms);
        else if (way == 10) exchange.declareReturn(terms, by);
        else if (way == 11) exchange.confirmReturn(terms, by);
        else if (way == 12) exchange.recordCheck(terms, uint8(seed % 4));
        else if (way == 13) exchange.payIncentive(terms);
        else exchange.giveFeedback(terms, 5, REASON, by);
    }

    function sendForCommunity(uint256 way, IServiceExchange.Terms calldata terms) private returns (bool) {
        if (way == 0) exchange.proposeForCommunity(terms);
        else if (way == 1) exchange.acceptForCommunity(terms);
        else if (way == 2) exchange.cancelForCommunity(terms);
        else if (way == 6) exchange.disputeForCommunity(terms, REASON);
        else return false;
        return true;
    }

    function sendSilence(IServiceExchange.Terms calldata terms) private {
        try exchange.release(terms) {} catch {
            exchange.releaseDeposit(terms);
        }
    }

    /// @dev One decision of five gives away more than there is.
    function sendDecision(IServiceExchange.Terms calldata terms, uint256 seed) private {
        uint256 held = exchange.escrowOf(terms);
        uint256 toReceiver = seed % 5 == 0 ? held + 1 : (seed >> 16) % (held + 1);
        uint256 toStructure = terms.structure == 0 || seed % 5 == 0 ? 0 : (seed >> 128) % (held - toReceiver + 1);
        resolve(terms, toReceiver, toStructure);
    }
}
