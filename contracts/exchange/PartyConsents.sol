// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../interfaces/IServiceExchange.sol";
import {Categories} from "../libraries/Categories.sol";
import {Escrow} from "./Escrow.sol";

/// @dev The parties agree, or not: proposing, accepting, cancelling, expiring. Part of the ServiceExchange.
abstract contract PartyConsents is Escrow {
    // ------------------------------------------------------------------------------------------------- PROPOSING

    /// @inheritdoc IServiceExchange
    function propose(Terms calldata terms, Authorization calldata authorization, Permit calldata permit)
        external
        returns (bytes32 id)
    {
        id = _idOf(terms);
        (uint8 party, address wallet) = _authorize(PROPOSE, id, terms, 0, authorization);
        _open(id, terms, party, authorization.memberId);
        _requireConsent(terms, party, authorization.memberId);
        _fund(terms, party, wallet, permit);
    }

    /// @inheritdoc IServiceExchange
    function proposeForCommunity(Terms calldata terms) external restricted returns (bytes32 id) {
        id = _idOf(terms);
        _requirePaidByCommunity(id, terms.category, true);
        _requireStranger(id, terms);
        _open(id, terms, COMMUNITY, 0);
        _requireTimePrice(terms);
        _fundByTreasury(terms);
    }

    function _open(bytes32 id, Terms calldata terms, uint8 party, bytes32 memberId) private {
        _token.requireRunning();
        Agreement storage entry = _inState(id, uint16(1 << NONE));
        _requireTerms(terms);
        (entry.proposer, entry.consents) = (party, _bit(party));
        _enter(entry, PROPOSED);
        emit AgreementProposed(id, memberId, terms);
        emit ConsentGiven(id, memberId, _sharePart(terms, party, _totalUnits(terms)));
    }

    // ------------------------------------------------------------------------------------------------- ACCEPTING

    /// @inheritdoc IServiceExchange
    function accept(Terms calldata terms, Authorization calldata authorization, Permit calldata permit) external {
        bytes32 id = _idOf(terms);
        (uint8 party, address wallet) = _authorize(ACCEPT, id, terms, 0, authorization);
        _consent(id, terms, party, authorization.memberId);
        _requireConsent(terms, party, authorization.memberId);
        _fund(terms, party, wallet, permit);
    }

    /// @inheritdoc IServiceExchange
    function acceptForCommunity(Terms calldata terms) external restricted {
        bytes32 id = _idOf(terms);
        _requirePaidByCommunity(id, terms.category, true);
        _requireStranger(id, terms);
        _consent(id, terms, COMMUNITY, 0);
        _requireTimePrice(terms);
        _fundByTreasury(terms);
    }

    function _consent(bytes32 id, Terms calldata terms, uint8 party, bytes32 memberId) private {
        _token.requireRunning();
        Agreement storage entry = _inState(id, uint16(1 << PROPOSED));
        _requireInTime(id, entry, terms.deadline);
        if (entry.consents & _bit(party) != 0) revert ServiceExchangeAlreadyDone(id, memberId);
        entry.consents |= _bit(party);
        bool isComplete = entry.consents == _allParties(terms);
        if (isComplete) (entry.state, entry.acceptedAt) = (ACCEPTED, uint40(block.timestamp));
        emit ConsentGiven(id, memberId, _sharePart(terms, party, _totalUnits(terms)));
        if (isComplete) emit AgreementAccepted(id);
    }

    /// @dev Who consents is an active member of the right class, at the price of the day.
    function _requireConsent(Terms calldata terms, uint8 party, bytes32 memberId) private view {
        Categories.Rule memory rule = Categories.ruleOf(terms.category);
        uint8 class_ = party == PROVIDER ? rule.providerClass : rule.payerClass;
        if (party == STRUCTURE) class_ = Categories.STAKEHOLDER;
        _requireActive(memberId, _requireMember(memberId, class_));
        _requireTimePrice(terms);
    }

    // ------------------------------------------------------------------------------------------------ CANCELLING

    /// @inheritdoc IServiceExchange
    function cancel(Terms calldata terms, Authorization calldata authorization) external {
        bytes32 id = _idOf(terms);
        (uint8 party,) = _authorize(CANCEL, id, terms, 0, authorization);
        _withdraw(id, terms, party, authorization.memberId);
    }

    /// @inheritdoc IServiceExchange
    function cancelForCommunity(Terms calldata terms) external restricted {
        bytes32 id = _idOf(terms);
        _withdraw(id, terms, _partyOf(id, terms, 0), 0);
    }

    function _withdraw(bytes32 id, Terms calldata terms, uint8 party, bytes32 memberId) private {
        Agreement storage entry = _inState(id, uint16(1 << PROPOSED | 1 << ACCEPTED | 1 << DELIVERED));
        uint40 before = entry.consents;
        if (before & _bit(party) == 0) revert ServiceExchangeNoConsent(id, memberId);
        entry.consents &= ~_bit(party);
        bool isProposed = entry.state == PROPOSED;
        bool isOver = isProposed ? party == entry.proposer : entry.consents == 0;
        if (isOver) entry.state = CANCELLED;

        uint256 total = _totalUnits(terms);
        uint256 own = isProposed || isOver ? _sharePart(terms, party, total) : 0;
        emit ConsentWithdrawn(id, memberId, own);
        if (isOver) {
            emit AgreementCancelled(id);
            _refund(terms, isProposed ? before : _allParties(terms), total);
        } else if (own != 0) {
            _sendBack(terms, party, own);
        }
    }

    // -------------------------------------------------------------------------------------------------- EXPIRING

    /// @inheritdoc IServiceExchange
    function expire(Terms calldata terms) external {
        bytes32 id = _idOf(terms);
        Agreement storage entry = _inState(id, uint16(1 << PROPOSED | 1 << ACCEPTED));
        _requireOverdue(id, entry, terms.deadline);
        uint40 funded = entry.state == PROPOSED ? entry.consents : _allParties(terms);
        entry.state = EXPIRED;
        emit AgreementExpired(id);
        _refund(terms, funded, _totalUnits(terms));
    }
}
