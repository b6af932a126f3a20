// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../interfaces/IServiceExchange.sol";
import {Settling} from "./Settling.sol";

/// @dev From the service done to the price released. Part of the ServiceExchange.
abstract contract Deliveries is Settling {
    /// @inheritdoc IServiceExchange
    function deliver(Terms calldata terms, Authorization calldata authorization) external {
        bytes32 id = _idOf(terms);
        Agreement storage entry = _inState(id, uint16(1 << ACCEPTED));
        (uint8 party,) = _authorize(DELIVER, id, terms, 0, authorization);
        if (party != PROVIDER) revert ServiceExchangeNotParty(id, authorization.memberId);
        _requireInTime(id, entry, terms.deadline);
        entry.consents |= _bit(PROVIDER);
        _enter(entry, DELIVERED);
        emit AgreementDelivered(id);
    }

    /// @inheritdoc IServiceExchange
    function confirm(Terms calldata terms, Authorization calldata authorization) external {
        bytes32 id = _idOf(terms);
        Agreement storage entry = _inState(id, uint16(1 << DELIVERED));
        (uint8 party, address wallet) = _authorize(CONFIRM, id, terms, 0, authorization);
        bytes32 memberId = authorization.memberId;
        if (party >= PROVIDER) revert ServiceExchangeNotParty(id, memberId);
        _requireNotFrozen(memberId, wallet);
        if (entry.marks & _bit(party) != 0) revert ServiceExchangeAlreadyDone(id, memberId);
        entry.marks |= _bit(party);
        emit DeliveryConfirmed(id, memberId);
        if (entry.marks == _bit(uint8(terms.payers.length)) - 1) _releasePrice(id, terms, entry);
    }

    /// @inheritdoc IServiceExchange
    function release(Terms calldata terms) external {
        bytes32 id = _idOf(terms);
        Agreement storage entry = _inState(id, uint16(1 << DELIVERED));
        _requireOverdue(id, entry, terms.deadline);
        _releasePrice(id, terms, entry);
    }
}
