// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {ITransferAuthorizations} from "../interfaces/ITransferAuthorizations.sol";
import {TransferFees} from "./TransferFees.sol";

/// @dev Transfers by signature (ERC-3009). Part of the CommunityToken. OpenZeppelin's own needs a newer compiler than
/// networks before Cancun take, and does not limit the time.
abstract contract TransferAuthorizations is TransferFees {
    bytes32 private constant TRANSFER_TYPEHASH = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,"
        "bytes32 nonce)"
    );
    bytes32 private constant CANCEL_TYPEHASH = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");

    /// Seconds that an authorization is valid at most.
    uint256 private constant WINDOW_LIMIT = 600;

    mapping(address authorizer => mapping(bytes32 nonce => bool)) private _isUsed;

    /// @inheritdoc ITransferAuthorizations
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        transferWithAuthorization(from, to, value, validAfter, validBefore, nonce, abi.encodePacked(r, s, v));
    }

    /// @inheritdoc ITransferAuthorizations
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) public {
        _requireTime(validAfter, validBefore);
        bytes32 structHash =
            keccak256(abi.encode(TRANSFER_TYPEHASH, from, to, value, validAfter, validBefore, nonce));
        _useAuthorization(from, nonce, structHash, signature);
        emit AuthorizationUsed(from, nonce);
        _transfer(from, to, value);
    }

    /// @inheritdoc ITransferAuthorizations
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external {
        cancelAuthorization(authorizer, nonce, abi.encodePacked(r, s, v));
    }

    /// @inheritdoc ITransferAuthorizations
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes memory signature) public {
        _useAuthorization(authorizer, nonce, keccak256(abi.encode(CANCEL_TYPEHASH, authorizer, nonce)), signature);
        emit AuthorizationCanceled(authorizer, nonce);
    }

    /// @inheritdoc ITransferAuthorizations
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool) {
        return _isUsed[authorizer][nonce];
    }

    function _requireTime(uint256 validAfter, uint256 validBefore) private view {
        uint256 time = block.timestamp;
        if (time <= validAfter) revert CommunityTokenAuthorizationNotYetValid(validAfter, time);
        if (time >= validBefore) revert CommunityTokenAuthorizationExpired(validBefore, time);
        uint256 window = validBefore - validAfter;
        if (window > WINDOW_LIMIT) revert CommunityTokenAuthorizationTooLong(window, WINDOW_LIMIT);
    }

    /// @dev Refuses a nonce that was used and a signature of somebody else.
    function _useAuthorization(address authorizer, bytes32 nonce, bytes32 structHash, bytes memory signature)
        private
    {
        if (_isUsed[authorizer][nonce]) revert CommunityTokenAuthorizationUsed(authorizer, nonce);
        if (!SignatureChecker.isValidSignatureNow(authorizer, _hashTypedDataV4(structHash), signature)) {
            revert CommunityTokenAuthorizationInvalid(authorizer, nonce);
        }
        _isUsed[authorizer][nonce] = true;
    }
}
