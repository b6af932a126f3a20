// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ProofDesk} from "./ProofDesk.sol";

/// @dev How high a fee can be, and what else moves tokens: release from the escrow, issue and burn.
contract FeeProof is ProofDesk {
    address private constant PAYER = address(0xA1);
    address private constant RECEIVER = address(0xB2);

    /// I7: no table of fees takes more than a fifth of a transfer. The classes are those a member can have.
    function check_previewTransfer__any_fee__is_at_most_a_fifth(uint8 payer, uint8 receiver, uint64 fees, uint96 amount)
        public
    {
        give(PAYER, payer, 1, amount);
        give(RECEIVER, receiver, 1, 0);
        token.setTransferFees(fees, 0, 0);
        (uint256 net, uint256 fee) = token.previewTransfer(PAYER, RECEIVER, amount);
        assert(fee * 5 <= amount);
        assert(net + fee == amount);
    }

    /// A rate above 2,000 is refused wherever it stands in the table, now or next.
    function check_setTransferFees__above_the_limit__is_refused(uint64 fees, uint64 next, uint40 from, uint8 place)
        public
    {
        vm.assume(place < 4);
        bool isAbove = uint16(fees >> (16 * place)) > 2000 || uint16(next >> (16 * place)) > 2000;
        vm.assume(isAbove);
        (bool taken,) = address(token).call(abi.encodeCall(token.setTransferFees, (fees, next, from)));
        assert(!taken);
    }

    /// I1, I7: a release makes and destroys nothing, and its parts are together the amount.
    function check_release__any_fee__conserves(uint8 class_, uint8 status, uint96 held_, uint256 amount, uint16 bps)
        public
    {
        address exchange = address(this);
        give(exchange, 1, 1, held_);
        token.setAccount(RECEIVER, class_, status);
        uint256 supply = token.totalSupply();
        token.release(RECEIVER, amount, bps);
        assert(token.balanceOf(exchange) == held_ - amount);
        assert(token.balanceOf(RECEIVER) + token.balanceOf(TREASURY) == amount);
        assert(token.totalSupply() == supply);
        assert(bps <= 2000);
    }

    /// I7: no rate takes more than a fifth of a release.
    function check_release__any_fee__is_at_most_a_fifth(uint8 class_, uint96 amount, uint16 bps) public {
        give(address(this), 1, 1, amount);
        token.setAccount(RECEIVER, class_, 1);
        token.release(RECEIVER, amount, bps);
        assert(token.balanceOf(TREASURY) * 5 <= amount);
    }

    /// I1, I2: issue and burn change the supply by what they change the Treasury by.
    function check_issue_and_burn__any_amounts__supply_is_the_treasury(uint256 issued, uint256 burned) public {
        token.issue(issued);
        token.burn(burned);
        assert(token.totalSupply() == issued - burned);
        assert(token.balanceOf(TREASURY) == issued - burned);
        assert(burned <= issued && issued <= type(uint128).max);
    }

    /// I11: moving a replaced wallet's account moves all of it to one wallet that had none.
    function check_moveAccount__any__conserves(address from, address to, uint8 class_, uint8 status, uint96 amount)
        public
    {
        give(from, class_, status, amount);
        uint256 before = held(from, to);
        token.moveAccount(from, to);
        assert(held(from, to) == before);
        assert(token.balanceOf(from) == 0 && token.balanceOf(to) == amount);
        (, uint8 fromClass, uint8 fromStatus) = token.accountOf(from);
        assert(fromClass == 0 && fromStatus == 0);
    }

    /// I11: only a wallet that left is swept, and the Treasury gets what it had.
    function check_sweep__any__conserves(address wallet, uint8 class_, uint8 status, uint96 amount) public {
        give(wallet, class_, status, amount);
        vm.assume(wallet != TREASURY);
        token.sweep(wallet);
        assert(token.balanceOf(wallet) == 0);
        assert(token.balanceOf(TREASURY) == amount);
        assert(status == 3);
    }

    /// A pause stops every movement.
    function check_pause__any_movement__is_refused(bytes calldata data) public {
        give(PAYER, 1, 1, 5);
        token.pause();
        uint256 before = held(PAYER, RECEIVER);
        vm.prank(PAYER);
        (bool done,) = address(token).call(data);
        assert(held(PAYER, RECEIVER) == before || !done);
    }
}
