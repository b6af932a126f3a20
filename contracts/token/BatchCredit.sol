// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICommunityToken} from "../interfaces/ICommunityToken.sol";
import {Account, Accounts} from "./Account.sol";
import {TransferFees} from "./TransferFees.sol";

/// @dev Payouts of a settlement, many wallets at once. Part of the CommunityToken.
abstract contract BatchCredit is TransferFees {
    /// Position of the status in an account word, as in `Accounts`, and the amount's part of a payout word. Assembly
    /// takes numbers of this file only.
    uint256 private constant STATUS_SHIFT = 136;
    uint256 private constant AMOUNT_MASK = 0xffffffffffffffffffffffff;

    /// @inheritdoc ICommunityToken
    function creditBatch(
        bytes32[] calldata payouts,
        address previous,
        uint96 cap,
        uint16 citizenFeeBps,
        uint16 stakeholderFeeBps
    ) external restricted returns (uint256 credited, uint256 skipped) {
        _requireNotPaused();
        if (citizenFeeBps == 0 && stakeholderFeeBps == 0) {
            bool refused;
            (credited, skipped, refused) = _creditEach(payouts, previous, cap);
            if (refused) _revertWithPayout(payouts, previous, cap);
        } else {
            uint256 fees;
            (credited, skipped, fees) =
                _creditEachLessFee(payouts, previous, cap, citizenFeeBps, stakeholderFeeBps);
            if (fees != 0) _credit(address(0), _treasury, fees);
        }
        _growSupply(credited);
    }

    // ----------------------------------------------------------------------------------------------- WITHOUT FEE

    /// @dev The only assembly of the contracts: this loop runs for every payout of a community, and the compiler's
    /// own code for it costs each payout about 500 gas more.
    /// @return credited Base units credited.
    /// @return skipped Base units of wallets that are no members.
    /// @return refused True if a wallet does not ascend or an amount exceeds the cap: the caller must revert.
    function _creditEach(bytes32[] calldata payouts, address previous, uint96 cap)
        private
        returns (uint256 credited, uint256 skipped, bool refused)
    {
        bytes32 transferTopic = IERC20.Transfer.selector;
        bytes32 skippedTopic = ICommunityToken.CreditSkipped.selector;
        assembly ("memory-safe") {
            mstore(0x20, _accounts.slot)
            let end := add(payouts.offset, shl(5, payouts.length))
            for { let cursor := payouts.offset } lt(cursor, end) { cursor := add(cursor, 0x20) } {
                let word := calldataload(cursor)
                let wallet := shr(96, word)
                let amount := and(word, AMOUNT_MASK)
                if or(iszero(gt(wallet, previous)), gt(amount, cap)) {
                    refused := 1
                    break
                }
                previous := wallet
                mstore(0x00, wallet)
                let slot := keccak256(0x00, 0x40)
                let account := sload(slot)
                mstore(0x00, amount)
                switch shr(STATUS_SHIFT, account)
                case 0 {
                    skipped := add(skipped, amount)
                    log2(0x00, 0x20, skippedTopic, wallet)
                }
                default {
                    sstore(slot, add(account, amount))
                    credited := add(credited, amount)
                    log3(0x00, 0x20, transferTopic, 0, wallet)
                }
            }
        }
    }

    /// @dev Names the first payout that is refused.
    function _revertWithPayout(bytes32[] calldata payouts, address previous, uint96 cap) private pure {
        for (uint256 i;; ++i) {
            (previous,) = _requirePayout(payouts[i], previous, cap);
        }
    }

    // -------------------------------------------------------------------------------------------------- LESS FEE

    /// @return credited Base units credited before fee.
    /// @return skipped Base units of wallets that are no members.
    /// @return fees Base units of the credited ones that are the Treasury's.
    function _creditEachLessFee(
        bytes32[] calldata payouts,
        address previous,
        uint96 cap,
        uint256 citizenFeeBps,
        uint256 stakeholderFeeBps
    ) private returns (uint256 credited, uint256 skipped, uint256 fees) {
        _requireFee(citizenFeeBps);
        _requireFee(stakeholderFeeBps);
        for (uint256 i; i < payouts.length; ++i) {
            uint256 amount;
            (previous, amount) = _requirePayout(payouts[i], previous, cap);
            Account account = _accounts[previous];
            if (account.status() == 0) {
                skipped += amount;
                emit CreditSkipped(previous, amount);
                continue;
            }
            uint8 class_ = account.class_();
            uint256 bps = class_ == Accounts.CITIZEN ? citizenFeeBps : stakeholderFeeBps;
            uint256 fee = class_ == Accounts.SYSTEM ? 0 : _feeDown(amount, bps);
            credited += amount;
            fees += fee;
            _credit(address(0), previous, amount - fee);
            if (fee != 0) emit FeeCharged(address(0), previous, amount, fee, ASSIGNMENT);
        }
    }

    /// @dev Reads a payout word; refuses a wallet that does not ascend and an amount above the cap.
    function _requirePayout(bytes32 payout, address previous, uint96 cap)
        private
        pure
        returns (address wallet, uint96 amount)
    {
        (wallet, amount) = (address(bytes20(payout)), uint96(uint256(payout)));
        if (wallet <= previous) revert CommunityTokenWalletsNotAscending(wallet, previous);
        if (amount > cap) revert CommunityTokenPayoutAboveCap(wallet, amount, cap);
    }
}
