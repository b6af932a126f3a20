// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {GasDesk} from "./GasDesk.sol";

/// @dev Gas of members' transfers and of joining. Holders have tokens, and the Treasury has some, as in any community
/// after its first day.
/// forge-config: default.isolate = true
contract GasTokenTest is GasDesk {
    uint256 private constant AMOUNT = 1e18;

    address private from;
    address private to;

    function setUp() public override {
        super.setUp();
        bytes32[] memory words = memberWords(1, 2);
        payGas(words);
        plain.mintEach(words);
        (from, to) = (address(bytes20(words[0])), address(bytes20(words[1])));
        vm.prank(TOKEN_ADMIN);
        treasury.issue(1000e18);
    }

    // ---------------------------------------------------------------------------------------------------- TRANSFER

    function test_transfer__between_holders__within_a_tenth_of_openzeppelin() public {
        uint256 plainUsed = plainTransferGas();
        uint256 used = transferGas();
        note("reference: transfer of OpenZeppelin's ERC-20", plainUsed);
        note("transfer between holders", used);
        require(used * 100 <= plainUsed * 110, "more than 1.10 of the reference");
    }

    function test_transfer__with_fee__within_six_tenths_of_openzeppelin() public {
        chargeEverywhere(500);
        uint256 plainUsed = plainTransferGas();
        uint256 used = transferGas();
        require(token.balanceOf(address(treasury)) == 1000e18 + AMOUNT / 20, "no fee was charged");
        note("transfer between holders with fee", used);
        require(used * 100 <= plainUsed * 160, "more than 1.60 of the reference");
    }

    function transferGas() private returns (uint256) {
        vm.prank(from);
        token.transfer(to, AMOUNT);
        return lastGas();
    }

    function plainTransferGas() private returns (uint256) {
        vm.prank(from);
        plain.transfer(to, AMOUNT);
        return lastGas();
    }

    function test_transferWithAuthorization__between_holders__gas() public {
        (uint256 start, uint256 end) = (block.timestamp - 1, block.timestamp + 500);
        bytes32 typehash = keccak256(
            "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,"
            "bytes32 nonce)"
        );
        bytes32 structHash = keccak256(abi.encode(typehash, from, to, AMOUNT, start, end, bytes32("nonce")));
        uint256 key = memberKey(from == walletOf(1) ? 1 : 2);
        bytes memory signature = signTyped(key, "Fontana", "1", address(token), structHash);
        token.transferWithAuthorization(from, to, AMOUNT, start, end, "nonce", signature);
        note("transfer with authorization between holders", lastGas());
    }

    // ------------------------------------------------------------------------------------------------------- JOIN

    function test_join__without_bonus__gas() public {
        joinMember(3);
        note("join, no welcome bonus", lastGas());
    }

    function test_join__with_bonus__gas() public {
        uint64 validFrom = uint64(block.timestamp) + NOTICE + 1;
        vm.prank(TOKEN_ADMIN);
        policy.scheduleBonuses(ITokenPolicy.Bonuses(10e18, 0, 0, 0, 0), validFrom);
        vm.warp(validFrom);
        joinMember(3);
        uint256 used = lastGas();
        require(token.balanceOf(walletOf(3)) == 10e18, "no bonus was paid");
        note("join, welcome bonus paid", used);
    }
}
