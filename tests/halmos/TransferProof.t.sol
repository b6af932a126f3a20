// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ProofDesk} from "./ProofDesk.sol";

/// @dev Transfers between any two wallets, the same one twice and the Treasury included, at any table of fees.
contract TransferProof is ProofDesk {
    struct Case {
        address from;
        address to;
        uint8 fromClass;
        uint8 toClass;
        uint8 fromStatus;
        uint8 toStatus;
        uint96 fromBalance;
        uint96 toBalance;
        uint256 amount;
    }

    function arrange(Case memory the, uint64 fees) private {
        give(the.from, the.fromClass, the.fromStatus, the.fromBalance);
        if (the.to != the.from) give(the.to, the.toClass, the.toStatus, the.toBalance);
        token.setTransferFees(fees, 0, 0);
    }

    /// I1: a transfer makes and destroys nothing, whatever the fees.
    function check_transfer__any_fee__conserves(Case memory the, uint64 fees) public {
        arrange(the, fees);
        uint256 before = held(the.from, the.to);
        uint256 supply = token.totalSupply();
        vm.prank(the.from);
        token.transfer(the.to, the.amount);
        assert(held(the.from, the.to) == before);
        assert(token.totalSupply() == supply);
    }

    /// Without fee the sender loses exactly what the receiver gets, and the Treasury gets nothing.
    function check_transfer__no_fee__moves_the_amount(Case memory the) public {
        arrange(the, 0);
        vm.assume(the.from != the.to && the.from != TREASURY && the.to != TREASURY);
        vm.prank(the.from);
        token.transfer(the.to, the.amount);
        assert(token.balanceOf(the.from) == the.fromBalance - the.amount);
        assert(token.balanceOf(the.to) == the.toBalance + the.amount);
        assert(token.balanceOf(TREASURY) == 0);
    }

    /// I7: what arrives and what the Treasury gets are together the amount.
    function check_transfer__any_fee__net_and_fee_are_the_amount(Case memory the, uint64 fees) public {
        arrange(the, fees);
        vm.assume(the.from != the.to && the.from != TREASURY && the.to != TREASURY);
        vm.prank(the.from);
        token.transfer(the.to, the.amount);
        uint256 net = token.balanceOf(the.to) - the.toBalance;
        assert(net + token.balanceOf(TREASURY) == the.amount);
        assert(token.balanceOf(the.from) == the.fromBalance - the.amount);
    }

    /// I3: whoever is no member holds nothing afterwards and sends nothing.
    function check_transfer__to_or_from_no_member__is_refused(Case memory the, uint64 fees) public {
        arrange(the, fees);
        (,, uint8 fromStatus) = token.accountOf(the.from);
        (,, uint8 toStatus) = token.accountOf(the.to);
        vm.prank(the.from);
        (bool moved,) = address(token).call(abi.encodeCall(token.transfer, (the.to, the.amount)));
        if (fromStatus == 0 || toStatus == 0) assert(!moved);
    }

    /// A preview refuses exactly what a transfer refuses, and names what arrives.
    function check_previewTransfer__any__agrees_with_the_transfer(Case memory the, uint64 fees) public {
        arrange(the, fees);
        vm.assume(the.from != the.to && the.to != TREASURY && the.from != TREASURY);
        (bool promised, bytes memory answer) =
            address(token).call(abi.encodeCall(token.previewTransfer, (the.from, the.to, the.amount)));
        vm.prank(the.from);
        (bool moved,) = address(token).call(abi.encodeCall(token.transfer, (the.to, the.amount)));
        assert(promised == moved);
        if (!moved) return;
        (uint256 net, uint256 fee) = abi.decode(answer, (uint256, uint256));
        assert(token.balanceOf(the.to) == the.toBalance + net);
        assert(token.balanceOf(TREASURY) == fee);
    }
}
