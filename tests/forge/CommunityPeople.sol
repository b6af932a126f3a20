// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunitySet} from "./CommunitySet.sol";

/// @dev Members of the community: member `n` has the id `bytes32(n)` and a wallet whose key is a function of `n`.
abstract contract CommunityPeople is CommunitySet {
    uint8 internal constant CITIZEN = 1;
    uint8 internal constant STAKEHOLDER = 2;

    function memberKey(uint256 member) internal pure returns (uint256) {
        return 0x10000 + member;
    }

    function walletOf(uint256 member) internal pure returns (address) {
        return vm.addr(memberKey(member));
    }

    /// @dev Joins a citizen.
    function joinMember(uint256 member) internal returns (address wallet) {
        return joinMember(member, CITIZEN);
    }

    function joinMember(uint256 member, uint8 class_) internal returns (address wallet) {
        wallet = walletOf(member);
        bytes memory consent = consentOf(member, class_, block.timestamp);
        vm.prank(REGISTRAR);
        members.join(bytes32(member), wallet, class_, block.timestamp, consent);
    }

    function consentOf(uint256 member, uint8 class_, uint256 deadline) internal view returns (bytes memory) {
        bytes32 typehash =
            keccak256("Join(bytes32 community,bytes32 memberId,uint8 class,uint256 nonce,uint256 deadline)");
        uint256 nonce = members.nonces(walletOf(member));
        bytes32 structHash =
            keccak256(abi.encode(typehash, keccak256(bytes(COMMUNITY)), bytes32(member), class_, nonce, deadline));
        return signTyped(memberKey(member), "MemberRegistry", "1", address(members), structHash);
    }

    /// @dev A permit of the member's wallet for `spender`, valid up to now, in the three parts of its signature.
    function permitOf(uint256 member, address spender, uint256 value)
        internal
        view
        returns (uint8 v, bytes32 r, bytes32 s)
    {
        bytes32 typehash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        address owner = walletOf(member);
        bytes32 structHash =
            keccak256(abi.encode(typehash, owner, spender, value, token.nonces(owner), block.timestamp));
        return split(signTyped(memberKey(member), token.name(), "1", address(token), structHash));
    }
}
