// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {AgreementTerms} from "./AgreementTerms.sol";

/// @dev Who acts: the member's wallet itself, or anybody with its signature. Part of the ServiceExchange.
abstract contract Authorizations is AgreementTerms, EIP712 {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    bytes32 private constant ACT_TYPEHASH = keccak256(
        "Act(string act,Terms terms,bytes32 member,bytes32 detail,uint256 nonce,uint256 deadline)"
        "Terms(uint8 category,uint8 kind,bytes32 provider,bytes32[] payers,bytes32 structure,uint96 priceUnits,"
        "uint96 compensationUnits,uint96 depositUnits,uint32 durationMinutes,uint64 deadline,uint64 returnBy,"
        "bytes32 contentHash,bytes32 salt)"
    );

    /// Words of the acts, as they enter the struct hash.
    bytes32 internal constant PROPOSE = keccak256("propose");
    bytes32 internal constant ACCEPT = keccak256("accept");
    bytes32 internal constant CANCEL = keccak256("cancel");
    bytes32 internal constant DELIVER = keccak256("deliver");
    bytes32 internal constant CONFIRM = keccak256("confirm");
    bytes32 internal constant DISPUTE = keccak256("dispute");
    bytes32 internal constant DECLARE_RETURN = keccak256("declareReturn");
    bytes32 internal constant CONFIRM_RETURN = keccak256("confirmReturn");
    bytes32 internal constant FEEDBACK = keccak256("feedback");

    uint8 private constant ACTIVE = 1;

    // -------------------------------------------------------------------------------------------------- INTERNAL

    /// @param act One of the words above.
    /// @return party Bit of the member who acts.
    /// @return wallet Its present wallet.
    function _authorize(
        bytes32 act,
        bytes32 id,
        Terms calldata terms,
        bytes32 detail,
        Authorization calldata authorization
    ) internal returns (uint8 party, address wallet) {
        bytes32 memberId = authorization.memberId;
        party = _partyOf(id, terms, memberId);
        wallet = _walletOf(memberId);
        if (authorization.signature.length == 0) {
            if (msg.sender != wallet) revert ServiceExchangeWrongSender(memberId, msg.sender, wallet);
        } else {
            _requireSignature(act, id, detail, wallet, authorization);
        }
    }

    function _requireSignature(
        bytes32 act,
        bytes32 id,
        bytes32 detail,
        address wallet,
        Authorization calldata authorization
    ) private {
        uint256 deadline = authorization.deadline;
        if (block.timestamp > deadline) revert ServiceExchangeAuthorizationExpired(deadline, block.timestamp);
        uint256 nonce = _useNonce(wallet);
        bytes32 structHash = keccak256(
            abi.encode(ACT_TYPEHASH, act, id, authorization.memberId, detail, nonce, deadline)
        );
        bytes32 digest = _hashTypedDataV4(structHash);
        if (!SignatureChecker.isValidSignatureNow(wallet, digest, authorization.signature)) {
            revert ServiceExchangeAuthorizationInvalid(wallet, nonce);
        }
    }

    function _requireActive(bytes32 memberId, uint8 status) internal pure {
        if (status != ACTIVE) revert ServiceExchangeWrongStatus(memberId, status);
    }

    /// @dev A frozen wallet gives nothing away, be it already in escrow; statuses 2 and 4 are the frozen ones.
    function _requireNotFrozen(bytes32 memberId, address wallet) internal view {
        (, uint8 status) = _accountOf(wallet);
        if (status % 2 == 0) revert ServiceExchangeWrongStatus(memberId, status);
    }
}
