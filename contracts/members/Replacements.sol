// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {Departures} from "./Departures.sol";

/// @dev A new wallet for a member: signed by the old one at once, or after a delay. Part of the MemberRegistry.
abstract contract Replacements is Departures {
    // --------------------------------------------------------------------------------------------------- STORAGE

    struct Replacement {
        address newWallet;
        uint64 executableAt; // unix seconds
    }

    mapping(bytes32 memberId => Replacement) private _pending;

    // ------------------------------------------------------------------------------------------ BY THE OLD WALLET

    /// @inheritdoc IMemberRegistry
    function replaceWallet(
        bytes32 memberId,
        address newWallet,
        uint256 deadline,
        bytes calldata oldSignature,
        bytes calldata newConsent
    ) external {
        (address oldWallet, uint8 class_,) = _existing(memberId);
        if (oldWallet == newWallet) return;
        _requireNotFrozen(memberId);
        _requireNew(newWallet);
        _requireOldWallet(REPLACE_TYPEHASH, memberId, oldWallet, newWallet, deadline, oldSignature);
        _requireJoinConsent(memberId, newWallet, class_, deadline, newConsent);
        _cancelPending(memberId);
        _replace(memberId, oldWallet, newWallet);
    }

    // ------------------------------------------------------------------------------------------------- LOST KEYS

    /// @inheritdoc IMemberRegistry
    function proposeReplacement(bytes32 memberId, address newWallet, uint256 deadline, bytes calldata newConsent)
        external
        restricted
    {
        _requireDirect();
        (address oldWallet, uint8 class_,) = _existing(memberId);
        if (_isPending(memberId, newWallet)) return;
        _requireNew(newWallet);
        uint64 executableAt = uint64(block.timestamp) + _delayOf(memberId);
        _requireJoinConsent(memberId, newWallet, class_, deadline, newConsent);
        _pending[memberId] = Replacement(newWallet, executableAt);
        emit ReplacementProposed(memberId, oldWallet, newWallet, executableAt);
    }

    /// @dev True for a repeated proposal; refuses another one beside it.
    function _isPending(bytes32 memberId, address newWallet) private view returns (bool) {
        Replacement memory pending = _pending[memberId];
        if (pending.newWallet == address(0)) return false;
        if (pending.newWallet == newWallet) return true;
        revert MemberRegistryReplacementPending(memberId, pending.newWallet, pending.executableAt);
    }

    /// @dev A frozen wallet cannot object, so that more time and a second key take the place of its objection.
    function _delayOf(bytes32 memberId) private view returns (uint64) {
        address freezer = _frozenBy[memberId];
        if (freezer == address(0)) return _replacementDelay;
        if (freezer == msg.sender) revert MemberRegistryProposerFroze(memberId, msg.sender);
        return _minNotice > _replacementDelay ? _minNotice : _replacementDelay;
    }

    /// @inheritdoc IMemberRegistry
    function objectToReplacement(bytes32 memberId, uint256 deadline, bytes calldata signature) external {
        address newWallet = _requirePending(memberId).newWallet;
        _requireNotFrozen(memberId);
        _requireOldWallet(OBJECT_TYPEHASH, memberId, _walletOf[memberId], newWallet, deadline, signature);
        delete _pending[memberId];
        emit ReplacementObjected(memberId, newWallet);
    }

    /// @inheritdoc IMemberRegistry
    function cancelReplacement(bytes32 memberId) external restricted {
        _requirePending(memberId);
        _cancelPending(memberId);
    }

    /// @inheritdoc IMemberRegistry
    function executeReplacement(bytes32 memberId) external {
        Replacement memory pending = _requirePending(memberId);
        if (block.timestamp < pending.executableAt) {
            revert MemberRegistryReplacementTooEarly(uint64(block.timestamp), pending.executableAt);
        }
        _requireNew(pending.newWallet);
        delete _pending[memberId];
        _replace(memberId, _walletOf[memberId], pending.newWallet);
    }

    /// @inheritdoc IMemberRegistry
    function pendingReplacement(bytes32 memberId) external view returns (address newWallet, uint64 executableAt) {
        Replacement memory pending = _pending[memberId];
        return (pending.newWallet, pending.executableAt);
    }

    // -------------------------------------------------------------------------------------------------- INTERNAL

    /// @dev Ends a pending replacement, if there is one.
    function _cancelPending(bytes32 memberId) internal {
        address newWallet = _pending[memberId].newWallet;
        if (newWallet == address(0)) return;
        delete _pending[memberId];
        emit ReplacementCancelled(memberId, newWallet);
    }

    function _requirePending(bytes32 memberId) private view returns (Replacement memory pending) {
        pending = _pending[memberId];
        if (pending.newWallet == address(0)) revert MemberRegistryNoReplacement(memberId);
    }

    /// @dev Refuses a wallet that is or was any member's, this one's included.
    function _requireNew(address wallet) private view {
        _requireFreeFor(wallet, 0);
    }

    function _replace(bytes32 memberId, address oldWallet, address newWallet) private {
        _walletOf[memberId] = newWallet;
        _memberOf[newWallet] = memberId;
        delete _memberOf[oldWallet];
        _retired[oldWallet] = true;
        _graces[newWallet] = _graces[oldWallet];
        delete _graces[oldWallet];
        emit WalletReplaced(memberId, oldWallet, newWallet);
        _token.moveAccount(oldWallet, newWallet);
    }
}
