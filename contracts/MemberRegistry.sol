// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {MemberBook} from "./members/MemberBook.sol";
import {Replacements} from "./members/Replacements.sol";

contract MemberRegistry is Replacements {
    // ----------------------------------------------------------------------------------------------- CONSTRUCTOR

    constructor(Configuration memory config)
        AccessManaged(config.authority)
        EIP712("MemberRegistry", "1")
        MemberBook(config)
    {}

    // --------------------------------------------------------------------------------------------------- JOINING

    /// @inheritdoc IMemberRegistry
    function join(bytes32 memberId, address wallet, uint8 class_, uint256 deadline, bytes calldata signature)
        external
        restricted
    {
        if (_isJoined(memberId, wallet, class_)) return;
        _token.requireNotSuspended();
        _requireJoinConsent(memberId, wallet, class_, deadline, signature);
        _cancelPending(memberId);
        delete _graces[wallet];
        if (_walletOf[memberId] == address(0)) _memberCount += 1;
        _walletOf[memberId] = wallet;
        _memberOf[wallet] = memberId;
        emit MemberJoined(memberId, wallet, class_);
        _token.setAccount(wallet, class_, ACTIVE);
        _treasury.grantWelcomeBonus(memberId, class_);
    }

    /// @dev True for a repeated call; refuses a wallet that is taken and a member who is here already.
    function _isJoined(bytes32 memberId, address wallet, uint8 class_) private view returns (bool) {
        if (memberId == 0) revert MemberRegistryMemberIdZero();
        if (class_ < CITIZEN || class_ > STAKEHOLDER) {
            revert MemberRegistryClassOutOfRange(class_, CITIZEN, STAKEHOLDER);
        }
        _requireFreeFor(wallet, memberId);
        if (_walletOf[memberId] == address(0)) return false;
        (address present, uint8 presentClass, uint8 status) = _existing(memberId);
        if (status == LEFT_FROZEN) _requireNotFrozen(memberId);
        if (status == LEFT) {
            // Else a registrar alone could take over what is still owed to the member id.
            if (present != wallet) _requireGraceOver(present);
            return false;
        }
        if (present == wallet && presentClass == class_) return true;
        revert MemberRegistryMemberTaken(memberId, present, presentClass);
    }

    // -------------------------------------------------------------------------------------------------- FREEZING

    /// @inheritdoc IMemberRegistry
    function freeze(bytes32 memberId) external restricted {
        _requireDirect();
        (address wallet, uint8 class_, uint8 status) = _existing(memberId);
        if (_frozenBy[memberId] != address(0)) return;
        _frozenBy[memberId] = msg.sender;
        _cancelPending(memberId);
        _stopGrace(wallet);
        emit MemberFrozen(memberId, wallet, msg.sender);
        _token.setAccount(wallet, class_, status == LEFT ? LEFT_FROZEN : FROZEN);
    }

    /// @inheritdoc IMemberRegistry
    function unfreeze(bytes32 memberId) external restricted {
        (address wallet, uint8 class_, uint8 status) = _existing(memberId);
        if (_frozenBy[memberId] == address(0)) return;
        delete _frozenBy[memberId];
        _resumeGrace(wallet);
        emit MemberUnfrozen(memberId, wallet);
        _token.setAccount(wallet, class_, status == LEFT_FROZEN ? LEFT : ACTIVE);
    }
}
