// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../interfaces/IServiceExchange.sol";
import {Escrow} from "./Escrow.sol";

/// @dev What happens when the parties disagree. Part of the ServiceExchange.
abstract contract Disputes is Escrow {
    // ------------------------------------------------------------------------------------------------- DISPUTING

    /// @inheritdoc IServiceExchange
    function dispute(Terms calldata terms, bytes32 reasonHash, Authorization calldata authorization) external {
        bytes32 id = _idOf(terms);
        _authorize(DISPUTE, id, terms, reasonHash, authorization);
        _stop(id, authorization.memberId, reasonHash);
    }

    /// @inheritdoc IServiceExchange
    function disputeForCommunity(Terms calldata terms, bytes32 reasonHash) external restricted {
        bytes32 id = _idOf(terms);
        _requirePaidByCommunity(id, terms.category, true);
        _stop(id, 0, reasonHash);
    }

    function _stop(bytes32 id, bytes32 memberId, bytes32 reasonHash) internal {
        Agreement storage entry = _inState(id, uint16(1 << ACCEPTED | 1 << DELIVERED | 1 << LENT | 1 << RETURNED));
        entry.marks = 0;
        _enter(entry, DISPUTED);
        emit AgreementDisputed(id, memberId, reasonHash);
    }

    // ------------------------------------------------------------------------------------------------- RESOLVING

    /// @inheritdoc IServiceExchange
    function resolve(Terms calldata terms, uint256 toReceiverUnits, uint256 toStructureUnits) external restricted {
        bytes32 id = _idOf(terms);
        _requirePaidByCommunity(id, terms.category, false);
        _split(id, terms, toReceiverUnits, toStructureUnits);
    }

    /// @inheritdoc IServiceExchange
    function resolveForCommunity(Terms calldata terms, uint256 toReceiverUnits, uint256 toStructureUnits)
        external
        restricted
    {
        bytes32 id = _idOf(terms);
        _requirePaidByCommunity(id, terms.category, true);
        _split(id, terms, toReceiverUnits, toStructureUnits);
    }

    function _split(bytes32 id, Terms calldata terms, uint256 toReceiver, uint256 toStructure) private {
        _requireStranger(id, terms);
        Agreement storage entry = _inState(id, uint16(1 << DISPUTED));
        uint256 escrowed = _escrowOf(terms, entry);
        bool isLawful = toReceiver <= escrowed && toStructure <= escrowed - toReceiver;
        if (!isLawful || (toStructure != 0 && terms.structure == 0)) {
            revert ServiceExchangeWrongSplit(toReceiver, toStructure, escrowed);
        }
        uint256 refunded = escrowed - toReceiver - toStructure;
        entry.state = RESOLVED;
        emit AgreementResolved(id, toReceiver, toStructure, refunded);
        // Once the price of a loan is released, what is left is the deposit, which is no price.
        uint256 feeable = entry.lent ? 0 : terms.priceUnits;
        _payParties(terms, entry.acceptedAt, toReceiver, toReceiver < feeable ? toReceiver : feeable, toStructure);
        _refund(terms, _allParties(terms), refunded);
    }

    /// @inheritdoc IServiceExchange
    function refundUndecided(Terms calldata terms) external {
        bytes32 id = _idOf(terms);
        Agreement storage entry = _inState(id, uint16(1 << DISPUTED));
        _requireOverdue(id, entry, terms.deadline);
        uint256 escrowed = _escrowOf(terms, entry);
        entry.state = RESOLVED;
        emit AgreementResolved(id, 0, 0, escrowed);
        _refund(terms, _allParties(terms), escrowed);
    }
}
