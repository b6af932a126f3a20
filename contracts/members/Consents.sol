// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {MemberBook} from "./MemberBook.sol";

/// @dev What wallets sign, so that anybody can carry it. Part of the MemberRegistry.
abstract contract Consents is MemberBook, EIP712, Nonces {
    bytes32 private constant JOIN_TYPEHASH =
        keccak256("Join(bytes32 community,bytes32 memberId,uint8 class,uint256 nonce,uint256 deadline)");
    bytes32 private constant LEAVE_TYPEHASH =
        keccak256("Leave(bytes32 community,bytes32 memberId,uint256 nonce,uint256 deadline)");
    bytes32 internal constant REPLACE_TYPEHASH =
        keccak256("Replace(bytes32 community,bytes32 memberId,address newWallet,uint256 nonce,uint256 deadline)");
    bytes32 internal constant OBJECT_TYPEHASH =
        keccak256("Object(bytes32 community,bytes32 memberId,address newWallet,uint256 nonce,uint256 deadline)");

    /// @inheritdoc IMemberRegistry
    function nonces(address wallet) public view override(IMemberRegistry, Nonces) returns (uint256) {
        return super.nonces(wallet);
    }

    function _requireJoinConsent(
        bytes32 memberId,
        address wallet,
        uint8 class_,
        uint256 deadline,
        bytes calldata signature
    ) internal {
        uint256 nonce = _useNonce(wallet);
        bytes memory signed = abi.encode(JOIN_TYPEHASH, _community, memberId, class_, nonce, deadline);
        _requireSigned(wallet, nonce, deadline, signed, signature);
    }

    function _requireLeaver(bytes32 memberId, address wallet, uint256 deadline, bytes calldata signature) internal {
        if (_isWalletItself(wallet, signature)) return;
        uint256 nonce = _useNonce(wallet);
        bytes memory signed = abi.encode(LEAVE_TYPEHASH, _community, memberId, nonce, deadline);
        _requireSigned(wallet, nonce, deadline, signed, signature);
    }

    /// @dev The old wallet speaks about a new one: `Replace` or `Object`.
    function _requireOldWallet(
        bytes32 typehash,
        bytes32 memberId,
        address wallet,
        address newWallet,
        uint256 deadline,
        bytes calldata signature
    ) internal {
        if (_isWalletItself(wallet, signature)) return;
        uint256 nonce = _useNonce(wallet);
        bytes memory signed = abi.encode(typehash, _community, memberId, newWallet, nonce, deadline);
        _requireSigned(wallet, nonce, deadline, signed, signature);
    }

    /// @dev Without a signature the wallet itself must call.
    function _isWalletItself(address wallet, bytes calldata signature) private view returns (bool) {
        if (signature.length != 0) return false;
        if (msg.sender != wallet) revert MemberRegistryNotTheWallet(msg.sender, wallet);
        return true;
    }

    function _requireSigned(
        address wallet,
        uint256 nonce,
        uint256 deadline,
        bytes memory signed,
        bytes calldata signature
    ) private view {
        if (block.timestamp > deadline) revert MemberRegistryConsentExpired(deadline, block.timestamp);
        if (!SignatureChecker.isValidSignatureNow(wallet, _hashTypedDataV4(keccak256(signed)), signature)) {
            revert MemberRegistryConsentInvalid(wallet, nonce);
        }
    }
}
