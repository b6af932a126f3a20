// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Transfers that a holder signs and anybody carries (ERC-3009)
/// @notice A relayer without any right can carry a member's transfer: receiver, amount and time are signed, so that it
/// can only carry it or not. Nonces are random words, so that authorizations do not wait for each other.
///
/// - An authorization is valid for 600 seconds at most: `validBefore - validAfter`.
/// - It is valid while `validAfter < block.timestamp < validBefore`; a block has the time that its proposer gives it.
/// - EIP-712 types of the ERC, domain of the token (EIP-5267): `TransferWithAuthorization(address from,address to,
///   uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)` and `CancelAuthorization(address authorizer,
///   bytes32 nonce)`.
/// - A wallet with code is asked by a static call whether the signature is its own (ERC-1271).
///
/// Warning: `receiveWithAuthorization` of the ERC is left out: no contract of the community takes tokens that way.
interface ITransferAuthorizations {
    /// @notice The authorization of `authorizer` with this nonce was carried out.
    event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);

    /// @notice `authorizer` made this nonce unusable.
    event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce);

    /// @notice Valid only after `validAfter`; the block has the time `time` (unix seconds).
    error CommunityTokenAuthorizationNotYetValid(uint256 validAfter, uint256 time);

    /// @notice Valid only before `validBefore`; the block has the time `time` (unix seconds).
    error CommunityTokenAuthorizationExpired(uint256 validBefore, uint256 time);

    /// @notice Valid for `window` seconds, more than `limit`.
    error CommunityTokenAuthorizationTooLong(uint256 window, uint256 limit);

    /// @notice The nonce was used or cancelled before.
    error CommunityTokenAuthorizationUsed(address authorizer, bytes32 nonce);

    /// @notice The signature is not one of `authorizer` over this call.
    error CommunityTokenAuthorizationInvalid(address authorizer, bytes32 nonce);

    /// @notice Transfers `value` base units as `from` signed it; a fee applies as in a transfer.
    /// @param validAfter Unix seconds.
    /// @param validBefore Unix seconds, at most 600 after `validAfter`.
    /// @param nonce Random word that `from` never used.
    /// @param signature Of `from`: 65 bytes `r | s | v`, or what its code accepts.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) external;

    /// @notice The same with the signature in three parts.
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
    ) external;

    /// @notice Makes the nonce unusable, as `authorizer` signed it.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes memory signature) external;

    /// @notice The same with the signature in three parts.
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Whether the nonce was used or cancelled.
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);
}
