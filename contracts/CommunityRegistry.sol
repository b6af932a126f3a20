// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {ICommunityRegistry} from "./interfaces/ICommunityRegistry.sol";
import {ICommunityToken} from "./interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {ISettlementLedger} from "./interfaces/ISettlementLedger.sol";

contract CommunityRegistry is ICommunityRegistry, AccessManaged {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    uint8 private constant ACTIVE = 1;
    uint8 private constant SUSPENDED = 2;

    /// Bytes of an id or a name.
    uint256 private constant TEXT_MAX = 64;

    // --------------------------------------------------------------------------------------------------- STORAGE
    // After the slots of the bases: communities, keys in order of registration.

    mapping(bytes32 key => Community) private _communities;
    bytes32[] private _keys;

    // ----------------------------------------------------------------------------------------------- CONSTRUCTOR

    /// @param authority_ AccessManager of the platform.
    constructor(address authority_) AccessManaged(authority_) {}

    // ---------------------------------------------------------------------------------------------- REGISTRATION

    /// @inheritdoc ICommunityRegistry
    function register(Community calldata given) external restricted {
        bytes32 key = keccak256(bytes(given.communityId));
        if (_isRegistered(_communities[key], given)) return;
        _requireText("communityId", given.communityId);
        _requireText("name", given.name);
        _requireCode(given);
        _requireAuthority(given);
        _requireLinks(given);
        _requirePermissions(given);
        _communities[key] = given;
        _communities[key].status = ACTIVE;
        _communities[key].registeredAt = uint64(block.timestamp);
        _keys.push(key);
        emit CommunityRegistered(key, given.communityId, given.settlementLedger);
    }

    /// @dev True for a repeated call; refuses another set under the same id.
    function _isRegistered(Community storage known, Community calldata given) private view returns (bool) {
        if (known.status == 0) return false;
        bool same = known.accessManager == given.accessManager && known.memberRegistry == given.memberRegistry
            && known.token == given.token && known.rewardModels == given.rewardModels
            && known.settlementLedger == given.settlementLedger
            && keccak256(bytes(known.name)) == keccak256(bytes(given.name));
        if (same) return true;
        revert CommunityRegistryConflict(given.communityId, known.settlementLedger, given.settlementLedger);
    }

    function _requireText(string memory field, string calldata text) private pure {
        uint256 length = bytes(text).length;
        if (length == 0 || length > TEXT_MAX) revert CommunityRegistryTextLength(field, length, 1, TEXT_MAX);
    }

    function _requireCode(Community calldata given) private view {
        _requireCodeAt("accessManager", given.accessManager);
        _requireCodeAt("memberRegistry", given.memberRegistry);
        _requireCodeAt("token", given.token);
        _requireCodeAt("rewardModels", given.rewardModels);
        _requireCodeAt("settlementLedger", given.settlementLedger);
    }

    function _requireCodeAt(string memory part, address account) private view {
        if (account.code.length == 0) revert CommunityRegistryNoCode(part, account);
    }

    function _requireAuthority(Community calldata given) private view {
        _requireLink("memberRegistry.authority", _authorityOf(given.memberRegistry), given.accessManager);
        _requireLink("token.authority", _authorityOf(given.token), given.accessManager);
        _requireLink("rewardModels.authority", _authorityOf(given.rewardModels), given.accessManager);
        _requireLink("settlementLedger.authority", _authorityOf(given.settlementLedger), given.accessManager);
    }

    function _authorityOf(address part) private view returns (address) {
        return IAccessManaged(part).authority();
    }

    function _requireLinks(Community calldata given) private view {
        IMemberRegistry members = IMemberRegistry(given.memberRegistry);
        ISettlementLedger ledger = ISettlementLedger(given.settlementLedger);
        _requireLink("memberRegistry.token", members.token(), given.token);
        _requireLink("settlementLedger.token", ledger.token(), given.token);
        _requireLink("settlementLedger.models", ledger.models(), given.rewardModels);
        _requireCommunity("memberRegistry", members.communityId(), given.communityId);
        _requireCommunity("settlementLedger", ledger.communityId(), given.communityId);
    }

    function _requireLink(string memory part, address found, address expected) private pure {
        if (found != expected) revert CommunityRegistryNotLinked(part, found, expected);
    }

    function _requireCommunity(string memory part, string memory found, string calldata expected) private pure {
        if (keccak256(bytes(found)) != keccak256(bytes(expected))) {
            revert CommunityRegistryWrongCommunity(part, found, expected);
        }
    }

    function _requirePermissions(Community calldata given) private view {
        _requireAllowed(given, given.memberRegistry, ICommunityToken.setAccount.selector);
        _requireAllowed(given, given.settlementLedger, ICommunityToken.creditBatch.selector);
    }

    function _requireAllowed(Community calldata given, address caller, bytes4 selector) private view {
        (bool allowed,) = IAccessManager(given.accessManager).canCall(caller, given.token, selector);
        if (!allowed) revert CommunityRegistryNotPermitted(caller, given.token, selector);
    }

    // ------------------------------------------------------------------------------------------------ SUSPENSION

    /// @inheritdoc ICommunityRegistry
    function suspend(string calldata communityId) external restricted {
        if (_setStatus(communityId, SUSPENDED)) emit CommunitySuspended(keccak256(bytes(communityId)), communityId);
    }

    /// @inheritdoc ICommunityRegistry
    function resume(string calldata communityId) external restricted {
        if (_setStatus(communityId, ACTIVE)) emit CommunityResumed(keccak256(bytes(communityId)), communityId);
    }

    /// @return changed False if the community has this status already.
    function _setStatus(string calldata communityId, uint8 status) private returns (bool changed) {
        Community storage known = _communities[keccak256(bytes(communityId))];
        if (known.status == 0) revert CommunityRegistryUnknown(communityId);
        changed = known.status != status;
        known.status = status;
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc ICommunityRegistry
    function community(string calldata communityId) external view returns (Community memory) {
        return _communities[keccak256(bytes(communityId))];
    }

    /// @inheritdoc ICommunityRegistry
    function communityCount() external view returns (uint256) {
        return _keys.length;
    }

    /// @inheritdoc ICommunityRegistry
    function communityAt(uint256 index) external view returns (Community memory) {
        if (index >= _keys.length) revert CommunityRegistryIndexOutOfRange(index, _keys.length);
        return _communities[_keys[index]];
    }
}
