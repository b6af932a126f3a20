// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {ICommunityToken} from "../interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";
import {Notice} from "../libraries/Notice.sol";

/// @dev Who has which wallet. Class and status are kept by the token alone. Part of the MemberRegistry.
abstract contract MemberBook is IMemberRegistry, AccessManaged {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    uint8 internal constant CITIZEN = 1;
    uint8 internal constant STAKEHOLDER = 2;

    uint8 internal constant ACTIVE = 1;
    uint8 internal constant FROZEN = 2;
    uint8 internal constant LEFT = 3;
    uint8 internal constant LEFT_FROZEN = 4;

    // ------------------------------------------------------------------------------------------------ IMMUTABLES

    ICommunityToken internal immutable _token;
    ITreasury internal immutable _treasury;
    bytes32 internal immutable _community;
    uint64 internal immutable _minNotice;
    uint64 internal immutable _replacementDelay;

    // --------------------------------------------------------------------------------------------------- STORAGE
    // After the slots of the bases: community id, wallets, members, retired wallets, freezers, count.

    string private _communityId;
    mapping(bytes32 memberId => address wallet) internal _walletOf;
    mapping(address wallet => bytes32 memberId) internal _memberOf;
    mapping(address wallet => bool) internal _retired;
    mapping(bytes32 memberId => address freezer) internal _frozenBy;
    uint256 internal _memberCount;

    // ----------------------------------------------------------------------------------------------- CONSTRUCTOR

    constructor(Configuration memory config) {
        _requireWaiting("minNotice", config.minNotice);
        _requireWaiting("replacementDelay", config.replacementDelay);
        _token = ICommunityToken(config.token);
        _treasury = ITreasury(config.treasury);
        _communityId = config.communityId;
        _community = keccak256(bytes(config.communityId));
        _minNotice = config.minNotice;
        _replacementDelay = config.replacementDelay;
    }

    function _requireWaiting(string memory name, uint64 given) private pure {
        if (given < Notice.MIN || given > Notice.MAX_LEAD) {
            revert MemberRegistryOutOfRange(name, given, Notice.MIN, Notice.MAX_LEAD);
        }
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc IMemberRegistry
    function walletOf(bytes32 memberId) external view returns (address) {
        return _walletOf[memberId];
    }

    /// @inheritdoc IMemberRegistry
    function memberOf(address wallet) external view returns (bytes32) {
        return _memberOf[wallet];
    }

    /// @inheritdoc IMemberRegistry
    function isRetired(address wallet) external view returns (bool) {
        return _retired[wallet];
    }

    /// @inheritdoc IMemberRegistry
    function frozenBy(bytes32 memberId) external view returns (address) {
        return _frozenBy[memberId];
    }

    /// @inheritdoc IMemberRegistry
    function memberCount() external view returns (uint256) {
        return _memberCount;
    }

    /// @inheritdoc IMemberRegistry
    function minNotice() external view returns (uint64) {
        return _minNotice;
    }

    /// @inheritdoc IMemberRegistry
    function replacementDelay() external view returns (uint64) {
        return _replacementDelay;
    }

    /// @inheritdoc IMemberRegistry
    function token() external view returns (address) {
        return address(_token);
    }

    /// @inheritdoc IMemberRegistry
    function treasury() external view returns (address) {
        return address(_treasury);
    }

    /// @inheritdoc IMemberRegistry
    function communityId() external view returns (string memory) {
        return _communityId;
    }

    // -------------------------------------------------------------------------------------------------- INTERNAL

    /// @dev Wallet, class and status of somebody who joined.
    function _existing(bytes32 memberId) internal view returns (address wallet, uint8 class_, uint8 status) {
        wallet = _walletOf[memberId];
        if (wallet == address(0)) revert MemberRegistryUnknown(memberId);
        (, class_, status) = _token.accountOf(wallet);
    }

    function _requireNotFrozen(bytes32 memberId) internal view {
        address freezer = _frozenBy[memberId];
        if (freezer != address(0)) revert MemberRegistryFrozen(memberId, freezer);
    }

    /// @dev Refuses a wallet that was replaced or is another member's.
    function _requireFreeFor(address wallet, bytes32 memberId) internal view {
        if (_retired[wallet]) revert MemberRegistryWalletRetired(wallet);
        bytes32 taken = _memberOf[wallet];
        if (taken != 0 && taken != memberId) revert MemberRegistryWalletTaken(wallet, taken);
    }

    /// @dev Two keys are needed for some acts, which the AccessManager's `execute` would hide behind its own address.
    function _requireDirect() internal view {
        if (msg.sender == authority()) revert MemberRegistryNotDirect(msg.sender);
    }
}
