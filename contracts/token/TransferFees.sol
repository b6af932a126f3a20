// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../interfaces/ICommunityToken.sol";
import {Account, Accounts} from "./Account.sol";
import {AccountBook} from "./AccountBook.sol";

/// @dev What a transfer checks and costs. Part of the CommunityToken.
abstract contract TransferFees is AccountBook {
    // ------------------------------------------------------------------------------------------------- CONSTANTS

    uint8 internal constant TRANSFER = 0;
    uint8 internal constant SERVICE = 1;
    uint8 internal constant ASSIGNMENT = 2;

    uint256 private constant FEE_LIMIT_BPS = 2_000;
    uint256 private constant BPS = 10_000;

    // ------------------------------------------------------------------------------------------------------ FEES

    /// @inheritdoc ICommunityToken
    function setTransferFees(uint64 current, uint64 scheduled, uint40 validFrom) external restricted {
        for (uint256 shift; shift < 64; shift += 16) {
            _requireFee(uint16(current >> shift));
            _requireFee(uint16(scheduled >> shift));
        }
        (_head.fees, _head.feesNext, _head.feesFrom) = (current, scheduled, validFrom);
        emit TransferFeesSet(current, scheduled, validFrom);
    }

    /// @inheritdoc ICommunityToken
    function transferFees() external view returns (uint64 current, uint64 scheduled, uint40 validFrom) {
        return (_head.fees, _head.feesNext, _head.feesFrom);
    }

    function _requireFee(uint256 bps) internal pure {
        if (bps > FEE_LIMIT_BPS) revert CommunityTokenFeeAboveLimit(bps, FEE_LIMIT_BPS);
    }

    /// @dev Base units of the fee; the amount has 128 bits, so the product does not overflow.
    function _feeDown(uint256 amount, uint256 bps) internal pure returns (uint256) {
        unchecked {
            return amount * bps / BPS;
        }
    }

    /// @dev Rate between two members.
    function _pairBps(uint64 fees, uint8 fromClass, uint8 toClass) private pure returns (uint256) {
        unchecked {
            // Classes are 1 and 2; the pair of two stakeholders has the lowest bits.
            return uint16(fees >> (96 - 32 * uint256(fromClass) - 16 * uint256(toClass)));
        }
    }

    /// @dev Fees of transfers now; refuses in a pause. All fields are read before the first branch, so that the head
    /// costs one storage read.
    function _feesWhenRunning() private view returns (uint64) {
        (uint40 pausedAt, uint64 current, uint64 scheduled, uint40 validFrom) =
            (_head.pausedAt, _head.fees, _head.feesNext, _head.feesFrom);
        if (pausedAt != 0) revert CommunityTokenPaused(pausedAt);
        return validFrom != 0 && block.timestamp >= validFrom ? scheduled : current;
    }

    // ------------------------------------------------------------------------------------------------- TRANSFERS

    /// @inheritdoc ICommunityToken
    function previewTransfer(address from, address to, uint256 amount)
        external
        view
        returns (uint256 net, uint256 fee)
    {
        if (from == address(0)) revert ERC20InvalidSender(from);
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        (, fee) = _checkTransfer(from, to, amount);
        net = amount - fee;
    }

    /// @dev Every transfer of ERC-20 passes here. The zero address is no member, so nothing is minted or burned.
    function _update(address from, address to, uint256 amount) internal override {
        (Account sender, uint256 fee) = _checkTransfer(from, to, amount);
        _accounts[from] = sender.minus(amount);
        _creditLessFee(from, to, amount, fee, TRANSFER);
    }

    /// @return sender Account of `from` before the transfer.
    /// @return fee Base units for the Treasury.
    function _checkTransfer(address from, address to, uint256 amount)
        private
        view
        returns (Account sender, uint256 fee)
    {
        uint64 fees = _feesWhenRunning();
        sender = _requireSender(from, amount);
        uint8 fromClass = sender.class_();
        Account receiver = _accounts[to];
        uint8 status = receiver.status();
        bool receives = fromClass == Accounts.SYSTEM
            ? status != 0
            : status == Accounts.ACTIVE || status == Accounts.FROZEN;
        if (!receives) revert CommunityTokenCannotReceive(to, status);
        uint8 toClass = receiver.class_();
        if (fees == 0 || fromClass == Accounts.SYSTEM || toClass == Accounts.SYSTEM) return (sender, 0);
        fee = _feeDown(amount, _pairBps(fees, fromClass, toClass));
    }

    /// @dev Refuses a wallet that may not send, or holds less.
    function _requireSender(address from, uint256 amount) internal view returns (Account sender) {
        sender = _accounts[from];
        uint8 status = sender.status();
        if (status != Accounts.ACTIVE && status != Accounts.LEFT) revert CommunityTokenCannotSend(from, status);
        if (sender.balance() < amount) revert ERC20InsufficientBalance(from, sender.balance(), amount);
    }

    /// @dev Divides an amount that was taken from `from` between `to` and the Treasury. Accounts are read here, after
    /// the write to the sender's: all three may be the same.
    function _creditLessFee(address from, address to, uint256 amount, uint256 fee, uint8 flow) internal {
        _credit(from, to, amount - fee);
        if (fee == 0) return;
        _credit(from, _treasury, fee);
        emit FeeCharged(from, to, amount, fee, flow);
    }
}
