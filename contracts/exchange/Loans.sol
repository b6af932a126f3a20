// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../interfaces/IServiceExchange.sol";
import {Settling} from "./Settling.sol";

/// @dev The way back of goods lent, and of their deposit. Part of the ServiceExchange.
abstract contract Loans is Settling {
    /// @inheritdoc IServiceExchange
    function declareReturn(Terms calldata terms, Authorization calldata authorization) external {
        bytes32 id = _idOf(terms);
        Agreement storage entry = _inState(id, uint16(1 << LENT));
        (uint8 party,) = _authorize(DECLARE_RETURN, id, terms, 0, authorization);
        if (party >= PROVIDER) revert ServiceExchangeNotParty(id, authorization.memberId);
        _enter(entry, RETURNED);
        emit ReturnDeclared(id);
    }

    /// @inheritdoc IServiceExchange
    function confirmReturn(Terms calldata terms, Authorization calldata authorization) external {
        bytes32 id = _idOf(terms);
        Agreement storage entry = _inState(id, uint16(1 << LENT | 1 << RETURNED));
        (uint8 party, address wallet) = _authorize(CONFIRM_RETURN, id, terms, 0, authorization);
        if (party != PROVIDER) revert ServiceExchangeNotParty(id, authorization.memberId);
        _requireNotFrozen(authorization.memberId, wallet);
        _returnDeposit(id, terms, entry);
    }

    /// @inheritdoc IServiceExchange
    function releaseDeposit(Terms calldata terms) external {
        bytes32 id = _idOf(terms);
        Agreement storage entry = _inState(id, uint16(1 << RETURNED));
        _requireOverdue(id, entry, terms.deadline);
        _returnDeposit(id, terms, entry);
    }
}
