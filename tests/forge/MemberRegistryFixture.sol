// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunityFixture} from "./CommunityFixture.sol";

/// @dev Members of a community who leave, freeze, and replace wallets: what they sign, and what the administrators do.
/// Wallet keys are small numbers beside those of the members: throw-away, for tests only.
abstract contract MemberRegistryFixture is CommunityFixture {
    bytes32 internal constant ALICE = bytes32(uint256(1));
    bytes32 internal constant BOB = bytes32(uint256(2));
    uint256 internal constant NEW_KEY = 0x20001;
    uint256 internal constant OTHER_KEY = 0x20002;
    uint64 internal constant GRACE = 90 days;

    address internal alice;
    address internal bob;
    address internal newWallet;

    /// @dev Alice and Bob are citizens and hold tokens.
    function setUp() public virtual override {
        super.setUp();
        alice = joinMember(1);
        bob = joinMember(2);
        newWallet = vm.addr(NEW_KEY);
        credit(alice, 100e18);
        credit(bob, 50e18);
    }

    /// @dev As the ledger does with a chunk of one payout.
    function credit(address wallet, uint96 units) internal {
        bytes32[] memory words = new bytes32[](1);
        words[0] = word(wallet, units);
        vm.prank(address(ledger));
        token.creditBatch(words, address(0), type(uint96).max, 0, 0);
    }

    // ------------------------------------------------------------------------------------------------- SIGNATURES

    function joinConsent(uint256 key, bytes32 id, uint8 class_, uint256 deadline)
        internal
        view
        returns (bytes memory)
    {
        string memory fields = "(bytes32 community,bytes32 memberId,uint8 class,uint256 nonce,uint256 deadline)";
        bytes32 type_ = typehash(string.concat("Join", fields));
        return signed(key, abi.encode(type_, hashed(), id, class_, nonceOf(key), deadline));
    }

    function leaveSignature(uint256 key, bytes32 id, uint256 deadline) internal view returns (bytes memory) {
        bytes32 type_ = typehash("Leave(bytes32 community,bytes32 memberId,uint256 nonce,uint256 deadline)");
        return signed(key, abi.encode(type_, hashed(), id, nonceOf(key), deadline));
    }

    /// @param act `Replace` or `Object`.
    function oldSignature(string memory act, uint256 key, bytes32 id, address wallet, uint256 deadline)
        internal
        view
        returns (bytes memory)
    {
        string memory fields = "(bytes32 community,bytes32 memberId,address newWallet,uint256 nonce,uint256 deadline)";
        bytes32 type_ = typehash(string.concat(act, fields));
        return signed(key, abi.encode(type_, hashed(), id, wallet, nonceOf(key), deadline));
    }

    function typehash(string memory type_) private pure returns (bytes32) {
        return keccak256(bytes(type_));
    }

    function hashed() private pure returns (bytes32) {
        return keccak256(bytes(COMMUNITY));
    }

    function nonceOf(uint256 key) private view returns (uint256) {
        return members.nonces(vm.addr(key));
    }

    function signed(uint256 key, bytes memory encoded) private view returns (bytes memory) {
        return signTyped(key, "MemberRegistry", "1", address(members), keccak256(encoded));
    }

    // ----------------------------------------------------------------------------------------------------- ACTS

    function joinBy(uint256 key, bytes32 id, uint8 class_) internal {
        bytes memory consent = joinConsent(key, id, class_, block.timestamp);
        vm.prank(REGISTRAR);
        members.join(id, vm.addr(key), class_, block.timestamp, consent);
    }

    function leaveAlice() internal {
        vm.prank(alice);
        members.leave(ALICE, 0, "");
    }

    function freeze(bytes32 id) internal {
        vm.prank(COMMUNITY_ADMIN);
        members.freeze(id);
    }

    function unfreeze(bytes32 id) internal {
        vm.prank(COMMUNITY_ADMIN);
        members.unfreeze(id);
    }

    function pause() internal {
        vm.prank(GUARDIAN);
        token.pause();
    }

    function unpause() internal {
        vm.prank(COMMUNITY_ADMIN);
        token.unpause();
    }

    /// @dev Proposes the new wallet for Alice.
    function proposeForAlice() internal {
        bytes memory consent = joinConsent(NEW_KEY, ALICE, 1, block.timestamp);
        vm.prank(REGISTRAR);
        members.proposeReplacement(ALICE, newWallet, block.timestamp, consent);
    }

    // ------------------------------------------------------------------------------------------------- CHECKING

    function requireAccount(address wallet, uint256 balance, uint8 class_, uint8 status) internal view {
        (uint128 balanceFound, uint8 classFound, uint8 statusFound) = token.accountOf(wallet);
        same(balanceFound, balance, "balance");
        same(classFound, class_, "class");
        same(statusFound, status, "status");
    }

    function requireNothingPending(bytes32 id) internal view {
        (address wallet, uint64 executableAt) = members.pendingReplacement(id);
        require(wallet == address(0) && executableAt == 0, "a replacement is pending");
    }
}
