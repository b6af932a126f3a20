// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ProofDesk} from "./ProofDesk.sol";

/// @dev How high a rate can be, and what else moves tokens: release from the escrow, issue, burn, and the forced moves.
/// That the fee of a rate up to 2,000 is at most a fifth is arithmetic which the solver does not decide in minutes (a
/// division of 256 bits); forge's fuzz tests it.
contract FeeProof is ProofDesk {
    address private constant PAYER = address(0xA1);
    address private constant RECEIVER = address(0xB2);

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

    /// A pause stops every movement, whoever calls it and with whatever arguments.
    function check_pause__any_movement__is_refused(uint8 movement, address a, address b, uint256 amount, uint16 bps)
        public
    {
        vm.assume(movement < 8);
        give(PAYER, 1, 1, 5);
        token.pause();
        bytes32[] memory payouts = new bytes32[](1);
        payouts[0] = word(a, uint96(amount));
        bytes memory data;
        if (movement == 0) data = abi.encodeCall(token.transfer, (b, amount));
        if (movement == 1) data = abi.encodeCall(token.transferFrom, (a, b, amount));
        if (movement == 2) data = abi.encodeCall(token.issue, (amount));
        if (movement == 3) data = abi.encodeCall(token.burn, (amount));
        if (movement == 4) data = abi.encodeCall(token.escrow, (a, amount));
        if (movement == 5) data = abi.encodeCall(token.release, (b, amount, bps));
        if (movement == 6) data = abi.encodeCall(token.moveAccount, (a, b));
        if (movement == 7) data = abi.encodeCall(token.creditBatch, (payouts, address(0), type(uint96).max, bps, bps));
        vm.prank(a);
        (bool done,) = address(token).call(data);
        assert(!done);
    }

    /// A pause stops the sweep too.
    function check_pause__sweep__is_refused(address wallet) public {
        give(wallet, 1, 3, 5);
        token.pause();
        (bool done,) = address(token).call(abi.encodeCall(token.sweep, (wallet)));
        assert(!done);
    }
}
