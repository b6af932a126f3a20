// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../interfaces/IServiceExchange.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";
import {Categories} from "../libraries/Categories.sol";
import {Escrow} from "./Escrow.sol";

/// @dev The end that everybody hopes for: the price is released, and the incentive follows. Part of the ServiceExchange.
abstract contract Settling is Escrow {
    // -------------------------------------------------------------------------------------------------- RELEASING

    /// @dev Price and compensation leave the escrow; a loan goes on with its deposit.
    function _releasePrice(bytes32 id, Terms calldata terms, Agreement storage entry) internal {
        bool isLoan = terms.kind == Categories.LOAN;
        (entry.state, entry.marks, entry.lent) = (isLoan ? LENT : SETTLED, 0, isLoan);
        if (isLoan) emit AgreementLent(id);
        else emit AgreementSettled(id);
        _payParties(terms, entry.acceptedAt, terms.priceUnits, terms.priceUnits, terms.compensationUnits);
        if (!isLoan) _tryIncentive(id, terms, entry);
    }

    /// @dev The deposit goes back to the borrower, the only payer.
    function _returnDeposit(bytes32 id, Terms calldata terms, Agreement storage entry) internal {
        entry.state = SETTLED;
        emit AgreementSettled(id);
        _refund(terms, _allParties(terms), terms.depositUnits);
        _tryIncentive(id, terms, entry);
    }

    // ------------------------------------------------------------------------------------------------- INCENTIVE

    /// @inheritdoc IServiceExchange
    function payIncentive(Terms calldata terms) external {
        bytes32 id = _idOf(terms);
        Agreement storage entry = _inState(id, uint16(1 << SETTLED));
        if (entry.incentiveClosed) revert ServiceExchangeIncentiveClosed(id);
        if (!_closeIncentive(id, terms, entry)) revert ServiceExchangeIncentiveNotDue(id, entry.checks);
    }

    function _tryIncentive(bytes32 id, Terms calldata terms, Agreement storage entry) internal {
        if (!_closeIncentive(id, terms, entry)) emit IncentivePostponed(id);
    }

    /// @dev Whatever the Treasury answers, the members' own trade stands. Only running out of gas, which leaves no
    /// reason, fails the whole call: else every wallet that asks a node for the least gas would postpone the incentive.
    /// @return isClosed True if nothing more is to come.
    function _closeIncentive(bytes32 id, Terms calldata terms, Agreement storage entry)
        private
        returns (bool isClosed)
    {
        entry.incentiveClosed = true;
        if (Categories.isPaidByCommunity(terms.category)) return true;
        try _treasury.payIncentive(_requestOf(id, terms, entry)) returns (bool closed) {
            isClosed = closed;
        } catch (bytes memory reason) {
            if (reason.length == 0) revert ServiceExchangeGasTooLow(id, gasleft());
        }
        if (!isClosed) entry.incentiveClosed = false;
    }

    function _requestOf(bytes32 id, Terms calldata terms, Agreement storage entry)
        private
        view
        returns (ITreasury.IncentiveRequest memory)
    {
        return ITreasury.IncentiveRequest({
            agreementId: id,
            category: terms.category,
            kind: terms.kind,
            acceptedAt: entry.acceptedAt,
            checks: entry.checks,
            priceUnits: terms.priceUnits,
            provider: terms.provider,
            payers: terms.payers
        });
    }
}
