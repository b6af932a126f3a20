// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../interfaces/IServiceExchange.sol";
import {Categories} from "../libraries/Categories.sol";
import {AgreementBook} from "./AgreementBook.sol";

/// @dev What terms are: their hash, their parties, and whether they fit their category. Part of the ServiceExchange.
abstract contract AgreementTerms is AgreementBook {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    bytes32 private constant TERMS_TYPEHASH = keccak256(
        "Terms(uint8 category,uint8 kind,bytes32 provider,bytes32[] payers,bytes32 structure,uint96 priceUnits,"
        "uint96 compensationUnits,uint96 depositUnits,uint32 durationMinutes,uint64 deadline,uint64 returnBy,"
        "bytes32 contentHash,bytes32 salt)"
    );

    /// Bits of the parties after those of the payers.
    uint8 internal constant PROVIDER = 32;
    uint8 internal constant STRUCTURE = 33;
    uint8 internal constant COMMUNITY = 34;
    uint8 private constant STRANGER = type(uint8).max;

    uint64 private constant LONGEST = 730 days;

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc IServiceExchange
    function agreementId(Terms calldata terms) external pure returns (bytes32) {
        return _idOf(terms);
    }

    /// @inheritdoc IServiceExchange
    function dueAt(Terms calldata terms) external view returns (uint256) {
        return _dueAt(_agreements[_idOf(terms)], terms.deadline);
    }

    // -------------------------------------------------------------------------------------------------- IDENTITY

    /// @dev EIP-712 struct hash; in two halves, which need less of the stack.
    function _idOf(Terms calldata terms) internal pure returns (bytes32) {
        bytes memory parties = abi.encode(
            TERMS_TYPEHASH,
            terms.category,
            terms.kind,
            terms.provider,
            keccak256(abi.encodePacked(terms.payers)),
            terms.structure
        );
        bytes memory amounts = abi.encode(
            terms.priceUnits,
            terms.compensationUnits,
            terms.depositUnits,
            terms.durationMinutes,
            terms.deadline,
            terms.returnBy,
            terms.contentHash,
            terms.salt
        );
        return keccak256(bytes.concat(parties, amounts));
    }

    // --------------------------------------------------------------------------------------------------- PARTIES

    /// @dev Bit of the member, or STRANGER.
    function _findParty(Terms calldata terms, bytes32 memberId) internal pure returns (uint8) {
        if (memberId == 0) return Categories.isPaidByCommunity(terms.category) ? COMMUNITY : STRANGER;
        if (memberId == terms.provider) return PROVIDER;
        if (memberId == terms.structure) return STRUCTURE;
        for (uint256 i; i < terms.payers.length; ++i) {
            if (memberId == terms.payers[i]) return uint8(i);
        }
        return STRANGER;
    }

    function _partyOf(bytes32 id, Terms calldata terms, bytes32 memberId) internal pure returns (uint8 party) {
        party = _findParty(terms, memberId);
        if (party == STRANGER) revert ServiceExchangeNotParty(id, memberId);
    }

    /// @dev Refuses a sender who acts for the community and is a member with a part in the agreement.
    function _requireStranger(bytes32 id, Terms calldata terms) internal view {
        bytes32 memberId = _members.memberOf(msg.sender);
        if (memberId != 0 && _findParty(terms, memberId) != STRANGER) {
            revert ServiceExchangeOwnAgreement(id, memberId);
        }
    }

    function _requirePaidByCommunity(bytes32 id, uint8 category, bool expected) internal pure {
        if (Categories.isPaidByCommunity(category) != expected) revert ServiceExchangeWrongCategory(id, category);
    }

    function _bit(uint8 party) internal pure returns (uint40) {
        return uint40(1) << party;
    }

    function _allParties(Terms calldata terms) internal pure returns (uint40 bits) {
        bits = uint40((uint256(1) << terms.payers.length) - 1) | _bit(PROVIDER);
        if (terms.structure != 0) bits |= _bit(STRUCTURE);
        if (Categories.isPaidByCommunity(terms.category)) bits |= _bit(COMMUNITY);
    }

    // ------------------------------------------------------------------------------------------- THE CATEGORY FITS

    function _requireTerms(Terms calldata terms) internal view {
        if (terms.category < Categories.FIRST || terms.category > Categories.LAST) {
            revert ServiceExchangeCategoryOutOfRange(terms.category, Categories.FIRST, Categories.LAST);
        }
        Categories.Rule memory rule = Categories.ruleOf(terms.category);
        if ((uint256(rule.kinds) >> terms.kind) & 1 == 0) {
            revert ServiceExchangeKindNotAllowed(terms.category, terms.kind, rule.kinds);
        }
        _requirePayers(terms, rule);
        _requireOthers(terms, rule);
        _requireTimes(terms);
    }

    function _requirePayers(Terms calldata terms, Categories.Rule memory rule) private view {
        uint256 count = terms.payers.length;
        uint256 min = rule.maxPayers == 0 ? 0 : 1;
        if (count < min || count > rule.maxPayers) revert ServiceExchangeWrongPayerCount(count, min, rule.maxPayers);
        bytes32 previous;
        for (uint256 i; i < count; ++i) {
            bytes32 payer = terms.payers[i];
            if (payer <= previous) revert ServiceExchangePayersNotAscending(payer, previous);
            if (payer == terms.provider || payer == terms.structure) revert ServiceExchangePartyTwice(payer);
            _requireMember(payer, rule.payerClass);
            previous = payer;
        }
    }

    function _requireOthers(Terms calldata terms, Categories.Rule memory rule) private view {
        bytes32 structure = terms.structure;
        if ((structure != 0) != rule.hasStructure) revert ServiceExchangeWrongStructure(terms.category, structure);
        if (structure == 0) {
            if (terms.compensationUnits != 0) {
                revert ServiceExchangeCompensationWithoutStructure(terms.compensationUnits);
            }
        } else {
            if (structure == terms.provider) revert ServiceExchangePartyTwice(structure);
            _requireMember(structure, Categories.STAKEHOLDER);
        }
        _requireMember(terms.provider, rule.providerClass);
    }

    function _requireTimes(Terms calldata terms) private view {
        uint64 deadline = terms.deadline;
        if (deadline <= block.timestamp || deadline > block.timestamp + LONGEST) {
            revert ServiceExchangeDeadlineOutOfRange(deadline, block.timestamp + 1, block.timestamp + LONGEST);
        }
        bool isLawful = terms.kind == Categories.LOAN
            ? terms.returnBy > deadline && terms.returnBy <= deadline + LONGEST
            : terms.returnBy == 0 && terms.depositUnits == 0;
        if (!isLawful) revert ServiceExchangeWrongLoan(terms.kind, terms.depositUnits, terms.returnBy, deadline);
        if ((terms.kind == Categories.TIME_BANK) != (terms.durationMinutes != 0)) {
            revert ServiceExchangeWrongDuration(terms.kind, terms.durationMinutes);
        }
    }

    /// @dev The price of an hour may change between two consents: each one is to the price of its day.
    function _requireTimePrice(Terms calldata terms) internal view {
        if (terms.kind != Categories.TIME_BANK) return;
        uint256 unitsPerHour = _policy.ratesAt(uint64(block.timestamp)).unitsPerHour;
        uint256 expected = terms.durationMinutes * unitsPerHour / 60;
        if (terms.priceUnits != expected) revert ServiceExchangeWrongTimePrice(terms.priceUnits, expected);
    }

    /// @return status Of the member's wallet.
    function _requireMember(bytes32 memberId, uint8 expected) internal view returns (uint8 status) {
        uint8 class_;
        (class_, status) = _accountOf(_walletOf(memberId));
        if (class_ != expected) revert ServiceExchangeWrongClass(memberId, class_, expected);
    }
}
