// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {ITransferAuthorizations} from "../../contracts/interfaces/ITransferAuthorizations.sol";
import {CommunityTokenSigning} from "./CommunityTokenSigning.sol";
import {Vm} from "./Vm.sol";

/// @dev A wallet with code that accepts one digest. Asked about another one, it tries to move its tokens meanwhile.
contract ContractWallet {
    bytes32 private immutable _digest;
    address private immutable _token;
    address private immutable _thief;

    constructor(bytes32 digest, address token, address thief) {
        (_digest, _token, _thief) = (digest, token, thief);
    }

    function isValidSignature(bytes32 digest, bytes calldata) external returns (bytes4) {
        if (digest != _digest) ICommunityToken(_token).transfer(_thief, 1);
        return this.isValidSignature.selector;
    }
}

/// @dev Transfers that a holder signs and anybody carries.
contract CommunityTokenAuthorizationsTest is CommunityTokenSigning {
    function setUp() public override {
        super.setUp();
        credit(alice, 1000);
    }

    // --------------------------------------------------------------------------------------------------- TRANSFER

    function test_transferWithAuthorization__signature_in_bytes__moves_once() public {
        Act memory act = defaultAct();
        carry(act, sign(act, alice));
        same(token.balanceOf(bob), 10, "receiver");
        require(token.authorizationState(alice, act.nonce), "nonce unused");
    }

    function test_transferWithAuthorization__signature_in_parts__moves_once() public {
        Act memory act = defaultAct();
        (uint8 v, bytes32 r, bytes32 s) = split(sign(act, alice));
        token.transferWithAuthorization(
            act.from, act.to, act.value, act.validAfter, act.validBefore, act.nonce, v, r, s
        );
        same(token.balanceOf(bob), 10, "receiver");
    }

    function test_transferWithAuthorization__emits_the_use_then_the_transfer() public {
        Act memory act = defaultAct();
        bytes memory signature = sign(act, alice);
        vm.recordLogs();
        carry(act, signature);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs[0].topics[0], ITransferAuthorizations.AuthorizationUsed.selector, "event");
        same(logs[0].topics[2], act.nonce, "nonce");
        requireTransfer(logs[1], alice, bob, 10);
    }

    function test_transferWithAuthorization__with_fee__charges_as_a_transfer() public {
        setFee(1000);
        Act memory act = defaultAct();
        carry(act, sign(act, alice));
        same(token.balanceOf(bob), 9, "receiver");
        same(token.balanceOf(TREASURY), 1, "fee");
    }

    function test_transferWithAuthorization__used_nonce__is_refused() public {
        Act memory act = defaultAct();
        bytes memory signature = sign(act, alice);
        carry(act, signature);
        expectOf(ITransferAuthorizations.CommunityTokenAuthorizationUsed.selector, alice, act.nonce);
        carry(act, signature);
    }

    /// @dev Same nonce, other wallets: nonces are a wallet's own.
    function test_transferWithAuthorization__nonce_of_another_wallet__is_free() public {
        Act memory act = defaultAct();
        carry(act, sign(act, alice));
        (act.from, act.to, act.value) = (bob, carol, 4);
        carry(act, sign(act, bob));
        same(token.balanceOf(carol), 4, "receiver");
    }

    function testFuzz_transferWithAuthorization__time__valid_strictly_between(uint32 offset) public {
        offset %= 700;
        Act memory act = defaultAct();
        (act.validAfter, act.validBefore) = (T0 + 50, T0 + 650);
        bytes memory signature = sign(act, alice);
        vm.warp(T0 + offset);
        bytes4 early = ITransferAuthorizations.CommunityTokenAuthorizationNotYetValid.selector;
        bytes4 late = ITransferAuthorizations.CommunityTokenAuthorizationExpired.selector;
        if (offset <= 50) vm.expectRevert(abi.encodeWithSelector(early, T0 + 50, T0 + offset));
        if (offset >= 650) vm.expectRevert(abi.encodeWithSelector(late, T0 + 650, T0 + offset));
        carry(act, signature);
        same(token.balanceOf(bob), offset > 50 && offset < 650 ? 10 : 0, "receiver");
    }

    function testFuzz_transferWithAuthorization__window_above_600_seconds__is_refused(uint64 before, uint64 after_)
        public
    {
        Act memory act = defaultAct();
        act.validAfter = T0 - 1 - before % T0;
        act.validBefore = act.validAfter + 601 + after_;
        if (act.validBefore <= T0) act.validBefore = T0 + 601;
        uint256 window = act.validBefore - act.validAfter;
        bytes memory signature = sign(act, alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITransferAuthorizations.CommunityTokenAuthorizationTooLong.selector, window, 600
            )
        );
        carry(act, signature);
    }

    function test_transferWithAuthorization__window_of_601_seconds__is_refused() public {
        Act memory act = defaultAct();
        act.validBefore = act.validAfter + 601;
        bytes memory signature = sign(act, alice);
        vm.expectRevert(
            abi.encodeWithSelector(ITransferAuthorizations.CommunityTokenAuthorizationTooLong.selector, 601, 600)
        );
        carry(act, signature);
    }

    function testFuzz_transferWithAuthorization__any_changed_field__is_refused(uint8 field) public {
        Act memory act = defaultAct();
        bytes memory signature = sign(act, alice);
        field %= 6;
        if (field == 0) act.from = bob;
        else if (field == 1) act.to = carol;
        else if (field == 2) act.value += 1;
        else if (field == 3) act.validAfter -= 1;
        else if (field == 4) act.validBefore -= 1;
        else act.nonce = keccak256("other");
        expectOf(ITransferAuthorizations.CommunityTokenAuthorizationInvalid.selector, act.from, act.nonce);
        carry(act, signature);
    }

    function test_transferWithAuthorization__signed_for_another_chain__is_refused() public {
        Act memory act = defaultAct();
        vm.chainId(1982);
        bytes memory signature = sign(act, alice);
        vm.chainId(1981);
        expectOf(ITransferAuthorizations.CommunityTokenAuthorizationInvalid.selector, alice, act.nonce);
        carry(act, signature);
    }

    function test_transferWithAuthorization__of_a_frozen_wallet__is_refused_and_not_used() public {
        token.setAccount(alice, CITIZEN, FROZEN);
        Act memory act = defaultAct();
        bytes memory signature = sign(act, alice);
        expectStatus(ICommunityToken.CommunityTokenCannotSend.selector, alice, FROZEN);
        carry(act, signature);
        require(!token.authorizationState(alice, act.nonce), "nonce used");
    }

    function test_transferWithAuthorization__in_a_pause__is_refused() public {
        token.pause();
        Act memory act = defaultAct();
        bytes memory signature = sign(act, alice);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenPaused.selector, T0));
        carry(act, signature);
    }

    // ---------------------------------------------------------------------------------------------------- ERC-1271

    function test_transferWithAuthorization__wallet_with_code__answers_itself() public {
        (Act memory act,) = actOfContractWallet(false);
        carry(act, "");
        same(token.balanceOf(bob), 10, "receiver");
    }

    /// @dev The wallet is asked by a static call: what it tries meanwhile fails, and so does its answer.
    function test_transferWithAuthorization__wallet_that_reenters__is_refused() public {
        (Act memory act, address wallet) = actOfContractWallet(true);
        expectOf(ITransferAuthorizations.CommunityTokenAuthorizationInvalid.selector, wallet, act.nonce);
        carry(act, "");
        same(token.balanceOf(wallet), 10, "wallet");
        same(token.balanceOf(carol), 0, "thief");
    }

    /// @dev A member whose wallet is a contract, put at an address that is known before its code.
    function actOfContractWallet(bool reenters) private returns (Act memory act, address wallet) {
        wallet = address(0xC0DE);
        act = defaultAct();
        act.from = wallet;
        bytes32 accepted = reenters ? bytes32(0) : digestOf(act);
        vm.etch(wallet, address(new ContractWallet(accepted, address(token), carol)).code);
        token.setAccount(wallet, CITIZEN, ACTIVE);
        credit(wallet, 10);
    }

    // ------------------------------------------------------------------------------------------------------ CANCEL

    function test_cancelAuthorization__in_bytes__makes_the_nonce_unusable() public {
        Act memory act = defaultAct();
        bytes memory signature = sign(act, alice);
        vm.recordLogs();
        token.cancelAuthorization(alice, act.nonce, signCancel(alice, act.nonce));
        same(
            vm.getRecordedLogs()[0].topics[0], ITransferAuthorizations.AuthorizationCanceled.selector, "event"
        );
        expectOf(ITransferAuthorizations.CommunityTokenAuthorizationUsed.selector, alice, act.nonce);
        carry(act, signature);
    }

    function test_cancelAuthorization__in_parts__makes_the_nonce_unusable() public {
        (uint8 v, bytes32 r, bytes32 s) = split(signCancel(alice, "n"));
        token.cancelAuthorization(alice, "n", v, r, s);
        require(token.authorizationState(alice, "n"), "nonce usable");
    }

    function test_cancelAuthorization__signed_by_another__is_refused() public {
        bytes memory signature = signCancel(bob, "n");
        expectOf(ITransferAuthorizations.CommunityTokenAuthorizationInvalid.selector, alice, "n");
        token.cancelAuthorization(alice, "n", signature);
    }

    function test_cancelAuthorization__used_nonce__is_refused() public {
        Act memory act = defaultAct();
        carry(act, sign(act, alice));
        bytes memory signature = signCancel(alice, act.nonce);
        expectOf(ITransferAuthorizations.CommunityTokenAuthorizationUsed.selector, alice, act.nonce);
        token.cancelAuthorization(alice, act.nonce, signature);
    }
}
