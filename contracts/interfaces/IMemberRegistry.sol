// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The members of one energy community
/// @notice Links a pseudonymous 32-byte member id to the wallet that receives the member's tokens, and is the only
/// writer of class and status in the community's token.
///
/// - A member has one wallet and a wallet has one member.
/// - Nobody joins without the wallet's own signature: EIP-712 typed data of the domain `MemberRegistry`, version `1`:
///   `Join(bytes32 community,bytes32 memberId,uint8 class,uint256 nonce,uint256 deadline)`, where `community` is
///   keccak256 of the community id and `nonce` is `nonces(wallet)`. Contract wallets answer by ERC-1271.
/// - No personal data: a member id says nothing about the person without the operator's books.
///
/// Assumptions:
/// - The authority lets this contract call `setAccount` of the token.
///
/// Warning: a consent has no effect after its deadline, but cannot be withdrawn before it by the wallet alone.
interface IMemberRegistry {
    /// @notice A member joined with `wallet` as an active account of `class_` (1 citizen, 2 stakeholder).
    event MemberJoined(bytes32 indexed memberId, address indexed wallet, uint8 class_);

    /// @notice Member id 0 means "no member" and cannot join.
    error MemberRegistryMemberIdZero();

    /// @notice Only classes 1 (citizen) and 2 (stakeholder) join.
    error MemberRegistryClassOutOfRange(uint8 class_, uint8 min, uint8 max);

    /// @notice The member already has another wallet, or the same one in another class.
    error MemberRegistryMemberTaken(bytes32 memberId, address wallet, uint8 class_);

    /// @notice The wallet already belongs to another member.
    error MemberRegistryWalletTaken(address wallet, bytes32 memberId);

    /// @notice The consent could be used until `deadline` (unix seconds); it is `now_`.
    error MemberRegistryConsentExpired(uint256 deadline, uint256 now_);

    /// @notice The signature is not the wallet's consent under its present `nonce`.
    error MemberRegistryConsentInvalid(address wallet, uint256 nonce);

    /// @notice Admits a member with the consent of the wallet. Restricted to the registrar.
    ///
    /// - The same member, wallet and class again: nothing happens, whatever consent comes with it.
    /// @param deadline Unix seconds up to which the consent may be used.
    /// @param signature Consent of `wallet`: 65 bytes r, s, v, or what its ERC-1271 contract accepts.
    function join(bytes32 memberId, address wallet, uint8 class_, uint256 deadline, bytes calldata signature) external;

    /// @notice Wallet of the member, 0 if there is none.
    function walletOf(bytes32 memberId) external view returns (address);

    /// @notice Member id of the wallet, 0 if there is none.
    function memberOf(address wallet) external view returns (bytes32);

    /// @notice Number that the next consent of `wallet` has to name.
    function nonces(address wallet) external view returns (uint256);

    /// @notice Number of members that ever joined.
    function memberCount() external view returns (uint256);

    /// @notice Token whose account flags this registry writes.
    function token() external view returns (address);

    /// @notice Id of the community in clear.
    function communityId() external view returns (string memory);
}
