// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../interfaces/IServiceExchange.sol";
import {Categories} from "../libraries/Categories.sol";
import {Shares} from "../libraries/Shares.sol";
import {Authorizations} from "./Authorizations.sol";

/// @dev Who puts in what, and where it goes. What an agreement holds is a function of terms, state and consents; no
/// amount is stored. Part of the ServiceExchange.
abstract contract Escrow is Authorizations {
    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc IServiceExchange
    function escrowOf(Terms calldata terms) external view returns (uint256) {
        return _escrowOf(terms, _agreements[_idOf(terms)]);
    }

    /// @inheritdoc IServiceExchange
    function fundingOf(Terms calldata terms, bytes32 memberId) external pure returns (uint256) {
        return _sharePart(terms, _findParty(terms, memberId), _totalUnits(terms));
    }

    // ------------------------------------------------------------------------------------------------ ARITHMETIC

    function _totalUnits(Terms calldata terms) internal pure returns (uint256) {
        return uint256(terms.priceUnits) + terms.compensationUnits + terms.depositUnits;
    }

    /// @dev Part of `party` in an amount that all who fund the agreement bear together.
    function _sharePart(Terms calldata terms, uint8 party, uint256 units) internal pure returns (uint256) {
        uint8 single = _singleFunder(terms);
        if (single != 0) return party == single ? units : 0;
        return party < terms.payers.length ? Shares.partOf(units, terms.payers.length, party) : 0;
    }

    /// @dev The party that funds alone without being a payer, 0 if the payers fund.
    function _singleFunder(Terms calldata terms) private pure returns (uint8) {
        if (Categories.isPaidByCommunity(terms.category)) return COMMUNITY;
        return terms.kind == Categories.NEW_GOODS ? PROVIDER : 0;
    }

    function _escrowOf(Terms calldata terms, Agreement storage entry) internal view returns (uint256 units) {
        uint8 state = entry.state;
        if (state == PROPOSED) {
            uint256 total = _totalUnits(terms);
            for (uint8 party; party <= COMMUNITY; ++party) {
                if (entry.consents & _bit(party) != 0) units += _sharePart(terms, party, total);
            }
        } else if (state == ACCEPTED || state == DELIVERED || (state == DISPUTED && !entry.lent)) {
            units = _totalUnits(terms);
        } else if (state == LENT || state == RETURNED || state == DISPUTED) {
            units = terms.depositUnits;
        }
    }

    // -------------------------------------------------------------------------------------------------------- IN

    function _fund(Terms calldata terms, uint8 party, address wallet, Permit calldata permit) internal {
        if (permit.deadline != 0) {
            // Anybody may have used the permit before: what counts is the allowance.
            try _token.permit(
                wallet, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s
            ) {} catch {}
        }
        uint256 units = _sharePart(terms, party, _totalUnits(terms));
        if (units != 0) _token.escrow(wallet, units);
    }

    function _fundByTreasury(Terms calldata terms) internal {
        uint256 units = _totalUnits(terms);
        if (units != 0) _treasury.fundService(units);
    }

    // ------------------------------------------------------------------------------------------------------- OUT

    function _send(bytes32 memberId, uint256 units, uint16 feeBps) internal {
        _release(_walletOf(memberId), units, feeBps);
    }

    function _release(address to, uint256 units, uint16 feeBps) private {
        if (units != 0) _token.release(to, units, feeBps);
    }

    /// @dev To one of those who funded, without a fee.
    function _sendBack(Terms calldata terms, uint8 party, uint256 units) internal {
        address to;
        if (party == COMMUNITY) to = address(_treasury);
        else to = _walletOf(party == PROVIDER ? terms.provider : terms.payers[party]);
        _release(to, units, 0);
    }

    /// @dev Their parts in `units` to those of the funders who are in `parties`.
    function _refund(Terms calldata terms, uint40 parties, uint256 units) internal {
        uint8 single = _singleFunder(terms);
        if (single != 0) {
            if (parties & _bit(single) != 0) _sendBack(terms, single, units);
            return;
        }
        uint256 count = terms.payers.length;
        for (uint8 i; i < count; ++i) {
            if (parties & _bit(i) != 0) _sendBack(terms, i, Shares.partOf(units, count, i));
        }
    }

    /// @dev To who earned it, less the service fee of acceptance.
    /// @param feeableUnits Part of `receiverUnits` that bears the fee.
    function _payParties(
        Terms calldata terms,
        uint40 acceptedAt,
        uint256 receiverUnits,
        uint256 feeableUnits,
        uint256 structureUnits
    ) internal {
        Categories.Rule memory rule = Categories.ruleOf(terms.category);
        bool isReversed = terms.kind == Categories.NEW_GOODS;
        bytes32 receiver = isReversed ? terms.payers[0] : terms.provider;
        (uint8 from, uint8 to) =
            isReversed ? (rule.providerClass, rule.payerClass) : (rule.payerClass, rule.providerClass);
        if (feeableUnits != 0) _send(receiver, feeableUnits, _feeBps(from, to, acceptedAt));
        _send(receiver, receiverUnits - feeableUnits, 0);
        if (structureUnits != 0) {
            _send(terms.structure, structureUnits, _feeBps(from, Categories.STAKEHOLDER, acceptedAt));
        }
    }

    /// @dev The community (class 0) pays no fee to itself.
    function _feeBps(uint8 payerClass, uint8 receiverClass, uint40 acceptedAt) private view returns (uint16) {
        return payerClass == 0 ? 0 : _policy.serviceFeeBpsAt(payerClass, receiverClass, acceptedAt);
    }
}
