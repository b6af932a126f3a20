// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {AgreementTerms} from "./AgreementTerms.sol";

/// @dev Who acts: the member's wallet itself, or anybody with its signature. Part of the ServiceExchange.
abstract contract Authorizations is AgreementTerms, EIP712 {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    bytes32 private constant ACT_TYPEHASH = keccak256(
        abi.encodePacked(
            "Act(string act,Terms terms,bytes32 member,bytes32 detail,uint256 nonce,uint256 deadline)", TERMS_TYPE
        )
    );

    uint8 private constant ACTIVE = 1;

    // -------------------------------------------------------------------------------------------------- INTERNAL

    /// @param act Its word, as signed.
    /// @return party Bit of the member who acts.
    /// @return wallet Its present wallet.
    function _authorize(
        string memory act,
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
        string memory act,
        bytes32 id,
        bytes32 detail,
        address wallet,
        Authorization calldata authorization
    ) private {
        uint256 deadline = authorization.deadline;
        if (block.timestamp > deadline) revert ServiceExchangeAuthorizationExpired(deadline, block.timestamp);
        uint256 nonce = _useNonce(wallet);
        bytes32 structHash = keccak256(
            abi.encode(ACT_TYPEHASH, keccak256(bytes(act)), id, authorization.memberId, detail, nonce, deadline)
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
