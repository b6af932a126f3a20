// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

/// @title The token of one energy community
/// @notice ERC-20 with ERC-2612 permit and EIP-5267 domain, held by members of the community only.
///
/// Balance (128 bits), class and status of a wallet share one storage word, so the members-only rule costs no
/// storage read of its own, and the first token a member receives costs no more than the second.
///
/// | class | | status | sends | receives from members | receives payouts |
/// |---|---|---|---|---|---|
/// | 0 | none: no member | 0 none | no | no | skipped |
/// | 1 | citizen | 1 active | yes | yes | yes |
/// | 2 | stakeholder | 2 frozen | no | yes | yes |
/// | 3 | system account | 3 left | yes | no | yes |
///
/// Assumptions:
/// - The authority lets the MemberRegistry alone call `setAccount` and the SettlementLedger alone call `creditBatch`.
/// - Supply grows through `creditBatch` only. Nobody, no administrator included, can burn or move a member's tokens.
/// - The supply stays below 2^128, checked once a batch, so that no balance can leave its 128 bits.
///
/// Warning: an allowance given before a wallet was frozen survives, but `transferFrom` obeys the owner's status.
interface ICommunityToken is IERC20, IERC20Permit, IERC5267 {
    /// @notice Class and status of `wallet` were written; its balance is unchanged.
    event AccountSet(address indexed wallet, uint8 class_, uint8 status);

    /// @notice A payout was not credited because `wallet` is no member; `amount` base units stay a claim of the member.
    event CreditSkipped(address indexed wallet, uint256 amount);

    /// @notice The status of `wallet` forbids sending (none or frozen).
    error CommunityTokenCannotSend(address wallet, uint8 status);

    /// @notice The status of `wallet` forbids receiving from members (none or left).
    error CommunityTokenCannotReceive(address wallet, uint8 status);

    /// @notice The pair is none of the table above: class and status are both 0, or both 1 to 3.
    error CommunityTokenAccountInvalid(address wallet, uint8 class_, uint8 status);

    /// @notice A wallet that holds `balance` base units cannot become a non-member.
    error CommunityTokenNotEmpty(address wallet, uint256 balance);

    /// @notice The batch would raise the supply to `supply`, above `limit` (2^128 - 1).
    error CommunityTokenSupplyLimit(uint256 supply, uint256 limit);

    /// @notice A batch credits ascending wallets, so that none is credited twice.
    error CommunityTokenWalletsNotAscending(address wallet, address previous);

    /// @notice The payout (base units) is larger than the cap of the batch.
    error CommunityTokenPayoutAboveCap(address wallet, uint256 amount, uint256 cap);

    /// @notice Writes class and status of `wallet`. Restricted to the MemberRegistry.
    ///
    /// - The balance does not change; the same values again change nothing and emit nothing.
    /// - A wallet with a balance cannot be set to class 0, status 0.
    function setAccount(address wallet, uint8 class_, uint8 status) external;

    /// @notice Credits one payout to each wallet. Restricted to the SettlementLedger.
    ///
    /// - Wallets ascend from `previous` on and no amount exceeds `cap`, else the whole batch is refused. Both are
    ///   checked here, in the loop that reads each payout anyway.
    /// - A wallet that is no member is skipped with `CreditSkipped`; no recipient makes a batch revert.
    /// - Emits `Transfer(0, wallet, amount)` for each credit. The supply is written once.
    ///
    /// Warning: that a batch is credited once is the caller's business; the token credits what it is told.
    /// @param payouts One word each: `address << 96 | uint96 amount` in base units.
    /// @param previous Wallet of the payout before these, 0 if there is none.
    /// @param cap Largest amount of a payout, in base units.
    /// @return credited Base units credited, the growth of the supply.
    /// @return skipped Base units not credited.
    function creditBatch(bytes32[] calldata payouts, address previous, uint96 cap)
        external
        returns (uint256 credited, uint256 skipped);

    /// @notice Balance in base units, class and status of `wallet`.
    function accountOf(address wallet) external view returns (uint128 balance, uint8 class_, uint8 status);
}
