// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {ICommunityRegistry} from "./interfaces/ICommunityRegistry.sol";
import {ICommunityToken} from "./interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {IServiceExchange} from "./interfaces/IServiceExchange.sol";
import {ISettlementLedger} from "./interfaces/ISettlementLedger.sol";
import {ITokenPolicy} from "./interfaces/ITokenPolicy.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";

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
    function _isRegistered(Community memory known, Community calldata given) private pure returns (bool) {
        if (known.status == 0) return false;
        if (_digestOf(known) == _digestOf(given)) return true;
        revert CommunityRegistryConflict(given.communityId, known.settlementLedger, given.settlementLedger);
    }

    /// @dev Name and addresses of a set.
    function _digestOf(Community memory set) private pure returns (bytes32) {
        address[8] memory parts = [
            set.accessManager,
            set.memberRegistry,
            set.token,
            set.rewardModels,
            set.settlementLedger,
            set.tokenPolicy,
            set.treasury,
            set.serviceExchange
        ];
        return keccak256(abi.encode(set.name, parts));
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
        _requireCodeAt("tokenPolicy", given.tokenPolicy);
        _requireCodeAt("treasury", given.treasury);
        _requireCodeAt("serviceExchange", given.serviceExchange);
    }

    function _requireCodeAt(string memory part, address account) private view {
        if (account.code.length == 0) revert CommunityRegistryNoCode(part, account);
    }

    function _requireAuthority(Community calldata given) private view {
        _requireGovernedBy(given.accessManager, "memberRegistry.authority", given.memberRegistry);
        _requireGovernedBy(given.accessManager, "token.authority", given.token);
        _requireGovernedBy(given.accessManager, "rewardModels.authority", given.rewardModels);
        _requireGovernedBy(given.accessManager, "settlementLedger.authority", given.settlementLedger);
        _requireGovernedBy(given.accessManager, "tokenPolicy.authority", given.tokenPolicy);
        _requireGovernedBy(given.accessManager, "treasury.authority", given.treasury);
        _requireGovernedBy(given.accessManager, "serviceExchange.authority", given.serviceExchange);
    }

    function _requireGovernedBy(address manager, string memory link, address part) private view {
        _requireLink(link, IAccessManaged(part).authority(), manager);
    }

    function _requireLinks(Community calldata given) private view {
        _requireMembers(given);
        _requireToken(given);
        _requireLedger(given);
        _requirePolicyAndTreasury(given);
        _requireExchange(given);
    }

    function _requireMembers(Community calldata given) private view {
        IMemberRegistry members = IMemberRegistry(given.memberRegistry);
        _requireLink("memberRegistry.token", members.token(), given.token);
        _requireLink("memberRegistry.treasury", members.treasury(), given.treasury);
        _requireCommunity("memberRegistry", members.communityId(), given.communityId);
    }

    function _requireToken(Community calldata given) private view {
        ICommunityToken token = ICommunityToken(given.token);
        _requireLink("token.treasury", token.treasury(), given.treasury);
        _requireLink("token.exchange", token.exchange(), given.serviceExchange);
    }

    function _requireLedger(Community calldata given) private view {
        ISettlementLedger ledger = ISettlementLedger(given.settlementLedger);
        _requireLink("settlementLedger.token", ledger.token(), given.token);
        _requireLink("settlementLedger.models", ledger.models(), given.rewardModels);
        _requireLink("settlementLedger.policy", ledger.policy(), given.tokenPolicy);
        _requireCommunity("settlementLedger", ledger.communityId(), given.communityId);
    }

    function _requirePolicyAndTreasury(Community calldata given) private view {
        ITreasury treasury = ITreasury(given.treasury);
        _requireLink("tokenPolicy.token", ITokenPolicy(given.tokenPolicy).token(), given.token);
        _requireLink("treasury.token", treasury.token(), given.token);
        _requireLink("treasury.members", treasury.members(), given.memberRegistry);
        _requireLink("treasury.policy", treasury.policy(), given.tokenPolicy);
    }

    function _requireExchange(Community calldata given) private view {
        IServiceExchange exchange = IServiceExchange(given.serviceExchange);
        _requireLink("serviceExchange.token", exchange.token(), given.token);
        _requireLink("serviceExchange.members", exchange.members(), given.memberRegistry);
        _requireLink("serviceExchange.policy", exchange.policy(), given.tokenPolicy);
        _requireLink("serviceExchange.treasury", exchange.treasury(), given.treasury);
    }

    function _requireLink(string memory part, address found, address expected) private pure {
        if (found != expected) revert CommunityRegistryNotLinked(part, found, expected);
    }

    function _requireCommunity(string memory part, string memory found, string calldata expected) private pure {
        if (keccak256(bytes(found)) != keccak256(bytes(expected))) {
            revert CommunityRegistryWrongCommunity(part, found, expected);
        }
    }

    /// @dev What each contract of the set does on the others, and this registry on the token.
    function _requirePermissions(Community calldata given) private view {
        address manager = given.accessManager;
        _requireAllowed(manager, given.memberRegistry, given.token, ICommunityToken.setAccount.selector);
        _requireAllowed(manager, given.memberRegistry, given.token, ICommunityToken.moveAccount.selector);
        _requireAllowed(manager, given.memberRegistry, given.token, ICommunityToken.sweep.selector);
        _requireAllowed(manager, given.memberRegistry, given.treasury, ITreasury.grantWelcomeBonus.selector);
        _requireAllowed(manager, given.settlementLedger, given.token, ICommunityToken.creditBatch.selector);
        _requireAllowed(manager, given.tokenPolicy, given.token, ICommunityToken.setTransferFees.selector);
        _requireAllowed(manager, given.treasury, given.token, ICommunityToken.issue.selector);
        _requireAllowed(manager, given.treasury, given.token, ICommunityToken.burn.selector);
        _requireAllowed(manager, given.serviceExchange, given.token, ICommunityToken.escrow.selector);
        _requireAllowed(manager, given.serviceExchange, given.token, ICommunityToken.release.selector);
        _requireAllowed(manager, given.serviceExchange, given.treasury, ITreasury.fundService.selector);
        _requireAllowed(manager, given.serviceExchange, given.treasury, ITreasury.payIncentive.selector);
        _requireAllowed(manager, address(this), given.token, ICommunityToken.setSuspended.selector);
    }

    function _requireAllowed(address manager, address caller, address target, bytes4 selector) private view {
        (bool allowed,) = IAccessManager(manager).canCall(caller, target, selector);
        if (!allowed) revert CommunityRegistryNotPermitted(caller, target, selector);
    }

    // ------------------------------------------------------------------------------------------------ SUSPENSION

    /// @inheritdoc ICommunityRegistry
    function suspend(string calldata communityId) external restricted {
        (bytes32 key, Community storage known) = _existing(communityId);
        if (known.status == SUSPENDED) return;
        known.status = SUSPENDED;
        emit CommunitySuspended(key, communityId);
        ICommunityToken(known.token).setSuspended(true);
    }

    /// @inheritdoc ICommunityRegistry
    function resume(string calldata communityId) external restricted {
        (bytes32 key, Community storage known) = _existing(communityId);
        if (known.status == ACTIVE) return;
        known.status = ACTIVE;
        emit CommunityResumed(key, communityId);
        ICommunityToken(known.token).setSuspended(false);
    }

    function _existing(string calldata communityId) private view returns (bytes32 key, Community storage known) {
        key = keccak256(bytes(communityId));
        known = _communities[key];
        if (known.status == 0) revert CommunityRegistryUnknown(communityId);
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
