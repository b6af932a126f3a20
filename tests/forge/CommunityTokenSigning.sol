// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunityTokenDesk} from "./CommunityTokenDesk.sol";

/// @dev Transfers with authorization: what is signed, and how it is carried. By default ten units of Alice for Bob.
abstract contract CommunityTokenSigning is CommunityTokenDesk {
    struct Act {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    function defaultAct() internal view returns (Act memory) {
        return Act(alice, bob, 10, T0 - 1, T0 + 500, keccak256("nonce"));
    }

    function carry(Act memory act, bytes memory signature) internal {
        token.transferWithAuthorization(
            act.from, act.to, act.value, act.validAfter, act.validBefore, act.nonce, signature
        );
    }

    function sign(Act memory act, address signer) internal view returns (bytes memory) {
        return typed(signer, structHashOf(act));
    }

    function signCancel(address signer, bytes32 nonce) internal view returns (bytes memory) {
        bytes32 typehash = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");
        return typed(signer, keccak256(abi.encode(typehash, alice, nonce)));
    }

    function structHashOf(Act memory act) internal pure returns (bytes32) {
        bytes32 typehash = keccak256(
            "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,"
            "bytes32 nonce)"
        );
        return keccak256(abi.encode(typehash, act));
    }

    function digestOf(Act memory act) internal view returns (bytes32) {
        return keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), structHashOf(act)));
    }

    function expectOf(bytes4 selector, address wallet, bytes32 nonce) internal {
        vm.expectRevert(abi.encodeWithSelector(selector, wallet, nonce));
    }
}
