// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../interfaces/IServiceExchange.sol";
import {Categories} from "../libraries/Categories.sol";
import {Disputes} from "./Disputes.sol";
import {Settling} from "./Settling.sol";

/// @dev What the verifier finds and what the parties think of each other. Part of the ServiceExchange.
abstract contract Reviews is Settling, Disputes {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    uint8 private constant ALL_CHECKS = 3;
    uint8 private constant RATING_MIN = 1;
    uint8 private constant RATING_MAX = 5;

    uint16 private constant CHECKABLE =
        uint16(1 << ACCEPTED | 1 << DELIVERED | 1 << DISPUTED | 1 << LENT | 1 << RETURNED | 1 << SETTLED);

    // ---------------------------------------------------------------------------------------------------- CHECKS

    /// @inheritdoc IServiceExchange
    function recordCheck(Terms calldata terms, uint8 checks) external restricted {
        bytes32 id = _idOf(terms);
        bool isOfCommunity = Categories.isPaidByCommunity(terms.category);
        _requireStranger(id, terms);
        Agreement storage entry = _inState(id, isOfCommunity ? uint16(1 << DELIVERED) : CHECKABLE);
        if (checks > ALL_CHECKS) revert ServiceExchangeChecksOutOfRange(checks, ALL_CHECKS);
        if (entry.checked) revert ServiceExchangeAlreadyDone(id, 0);
        (entry.checks, entry.checked) = (checks, true);
        emit CheckRecorded(id, msg.sender, checks);
        if (isOfCommunity && checks == 0) _stop(id, 0, 0);
        else if (isOfCommunity) _releasePrice(id, terms, entry);
        else if (entry.state == SETTLED && !entry.incentiveClosed) _tryIncentive(id, terms, entry);
    }

    // -------------------------------------------------------------------------------------------------- FEEDBACK

    /// @inheritdoc IServiceExchange
    function giveFeedback(
        Terms calldata terms,
        uint8 rating,
        bytes32 textHash,
        Authorization calldata authorization
    ) external {
        bytes32 id = _idOf(terms);
        Agreement storage entry = _inState(id, uint16(1 << SETTLED | 1 << RESOLVED));
        if (rating < RATING_MIN || rating > RATING_MAX) {
            revert ServiceExchangeRatingOutOfRange(rating, RATING_MIN, RATING_MAX);
        }
        bytes32 detail = keccak256(abi.encode(rating, textHash));
        (uint8 party,) = _authorize(FEEDBACK, id, terms, detail, authorization);
        if (entry.marks & _bit(party) != 0) revert ServiceExchangeAlreadyDone(id, authorization.memberId);
        entry.marks |= _bit(party);
        emit FeedbackGiven(id, authorization.memberId, rating, textHash);
    }
}
