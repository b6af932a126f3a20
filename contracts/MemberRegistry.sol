// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {ICommunityToken} from "./interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";

contract MemberRegistry is IMemberRegistry, AccessManaged, EIP712, Nonces {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    bytes32 private constant JOIN_TYPEHASH =
        keccak256("Join(bytes32 community,bytes32 memberId,uint8 class,uint256 nonce,uint256 deadline)");

    uint8 private constant CITIZEN = 1;
    uint8 private constant STAKEHOLDER = 2;
    uint8 private constant ACTIVE = 1;

    // ------------------------------------------------------------------------------------------------ IMMUTABLES

    ICommunityToken private immutable _token;
    bytes32 private immutable _community;

    // --------------------------------------------------------------------------------------------------- STORAGE
    // After the slots of the bases: community id, wallets, members, count.

    string private _communityId;
    mapping(bytes32 memberId => address wallet) private _walletOf;
    mapping(address wallet => bytes32 memberId) private _memberOf;
    uint256 private _memberCount;

    // ----------------------------------------------------------------------------------------------- CONSTRUCTOR

    /// @param authority_ AccessManager of the community.
    constructor(address authority_, address token_, string memory communityId_)
        AccessManaged(authority_)
        EIP712("MemberRegistry", "1")
    {
        _token = ICommunityToken(token_);
        _communityId = communityId_;
        _community = keccak256(bytes(communityId_));
    }

    // --------------------------------------------------------------------------------------------------- JOINING

    /// @inheritdoc IMemberRegistry
    function join(bytes32 memberId, address wallet, uint8 class_, uint256 deadline, bytes calldata signature)
        external
        restricted
    {
        if (_isJoined(memberId, wallet, class_)) return;
        _requireConsent(memberId, wallet, class_, deadline, signature);
        _walletOf[memberId] = wallet;
        _memberOf[wallet] = memberId;
        _memberCount += 1;
        emit MemberJoined(memberId, wallet, class_);
        _token.setAccount(wallet, class_, ACTIVE);
    }

    /// @dev True for a repeated call; refuses a member or a wallet that is taken.
    function _isJoined(bytes32 memberId, address wallet, uint8 class_) private view returns (bool) {
        if (memberId == 0) revert MemberRegistryMemberIdZero();
        if (class_ < CITIZEN || class_ > STAKEHOLDER) {
            revert MemberRegistryClassOutOfRange(class_, CITIZEN, STAKEHOLDER);
        }
        bytes32 walletMember = _memberOf[wallet];
        if (walletMember != 0 && walletMember != memberId) revert MemberRegistryWalletTaken(wallet, walletMember);
        address memberWallet = _walletOf[memberId];
        if (memberWallet == address(0)) return false;
        (, uint8 memberClass,) = _token.accountOf(memberWallet);
        if (memberWallet == wallet && memberClass == class_) return true;
        revert MemberRegistryMemberTaken(memberId, memberWallet, memberClass);
    }

    function _requireConsent(
        bytes32 memberId,
        address wallet,
        uint8 class_,
        uint256 deadline,
        bytes calldata signature
    ) private {
        if (block.timestamp > deadline) revert MemberRegistryConsentExpired(deadline, block.timestamp);
        uint256 nonce = _useNonce(wallet);
        bytes32 structHash = keccak256(abi.encode(JOIN_TYPEHASH, _community, memberId, class_, nonce, deadline));
        if (!SignatureChecker.isValidSignatureNow(wallet, _hashTypedDataV4(structHash), signature)) {
            revert MemberRegistryConsentInvalid(wallet, nonce);
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
    function nonces(address wallet) public view override(IMemberRegistry, Nonces) returns (uint256) {
        return super.nonces(wallet);
    }

    /// @inheritdoc IMemberRegistry
    function memberCount() external view returns (uint256) {
        return _memberCount;
    }

    /// @inheritdoc IMemberRegistry
    function token() external view returns (address) {
        return address(_token);
    }

    /// @inheritdoc IMemberRegistry
    function communityId() external view returns (string memory) {
        return _communityId;
    }
}
