// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {ITransferAuthorizations} from "./ITransferAuthorizations.sol";

/// @title The token of one energy community
/// @notice ERC-20 with ERC-2612 permit, ERC-3009 authorizations and EIP-5267 domain, held by members of the community
/// and by its own two system accounts only. Amounts are base units (18 decimals).
///
/// Balance (128 bits), class and status of a wallet share one storage word, so the members-only rule and the class that
/// decides the fee cost no storage read of their own, and the first token a member receives costs no more than the
/// second.
///
/// | class | | status | sends | receives from members | receives from the system |
/// |---|---|---|---|---|---|
/// | 0 | none: no member | 0 none | no | no | no, a payout is skipped |
/// | 1 | citizen | 1 active | yes | yes | yes |
/// | 2 | stakeholder | 2 frozen | no | yes | yes |
/// | 3 | system account | 3 left | yes | no | yes |
/// | | | 4 left and frozen | no | no | yes |
///
/// System accounts are the Treasury (3, 1) and the ServiceExchange (3, 3): members give tokens to the Treasury as to a
/// member, and to the exchange only by an agreement. What the system sends, payouts included, every member receives.
///
/// | movement | by | fee |
/// |---|---|---|
/// | `transfer`, `transferFrom`, `transferWithAuthorization` | holder, spender, anybody | transfer fee of both classes |
/// | `creditBatch` | SettlementLedger | assignment fee, given by the caller |
/// | `escrow`, `release` | ServiceExchange | none, service fee given by the caller |
/// | `issue`, `burn` | Treasury | none |
/// | `moveAccount`, `sweep` | MemberRegistry | none |
///
/// A fee is `floor(amount * bps / 10,000)`, subtracted from the flow: the receiver gets `amount - fee`, the Treasury
/// the fee. No rate above 2,000 bps is taken, whoever gives it, and no transfer from or to a system account is charged.
///
/// Assumptions:
/// - The authority gives each restricted function to the contract or the role named beside it, and to nobody else.
/// - Supply grows through `creditBatch` and `issue` only, and shrinks through `burn` from the Treasury only. Nobody, no
///   administrator included, can burn or move a member's tokens, but for `moveAccount` and `sweep`.
/// - The supply stays below 2^128, checked at every growth, so that no balance can leave its 128 bits.
///
/// Warning: an allowance given before a wallet was frozen survives, but `transferFrom` obeys the owner's status.
/// Warning: allowances do not move with `moveAccount`; those of the old wallet stay, without a balance to spend.
/// Warning: a receiver gets less than the amount wherever a fee applies: `previewTransfer` tells how much.
interface ICommunityToken is IERC20, IERC20Permit, IERC5267, ITransferAuthorizations {
    // ---------------------------------------------------------------------------------------------------- EVENTS

    /// @notice Class and status of `wallet` were written; its balance is unchanged.
    event AccountSet(address indexed wallet, uint8 class_, uint8 status);

    /// @notice A payout was not credited because `wallet` is no member; `amount` base units stay a claim of the member.
    event CreditSkipped(address indexed wallet, uint256 amount);

    /// @notice Of `amount` base units on the way from `from` (0 for a payout) to `to`, `fee` went to the Treasury.
    /// @param flow 0 transfer, 1 service, 2 assignment.
    event FeeCharged(address indexed from, address indexed to, uint256 amount, uint256 fee, uint8 flow);

    /// @notice Transfer fees: `current` applies before `validFrom` (unix seconds), `scheduled` from then on; with
    /// `validFrom` 0 no change is scheduled. Packed as in `setTransferFees`.
    event TransferFeesSet(uint64 current, uint64 scheduled, uint40 validFrom);

    /// @notice Every movement is stopped since `pausedAt` (unix seconds).
    event Paused(uint40 pausedAt);

    /// @notice Movements are possible again; all pauses together took `pausedSeconds`.
    event Unpaused(uint40 pausedSeconds);

    /// @notice The platform suspended the community, or resumed it.
    event SuspensionSet(bool suspended);

    /// @notice The ServiceExchange of the community is `exchange`, for good.
    event ExchangeBound(address indexed exchange);

    // ---------------------------------------------------------------------------------------------------- ERRORS

    /// @notice The status of `wallet` forbids sending (none, frozen, or left and frozen).
    error CommunityTokenCannotSend(address wallet, uint8 status);

    /// @notice The status of `wallet` forbids receiving from this sender (none, or left and the sender is a member).
    error CommunityTokenCannotReceive(address wallet, uint8 status);

    /// @notice The pair is none that a member can have: class 0 and status 0, or class 1 to 2 and status 1 to 4.
    error CommunityTokenAccountInvalid(address wallet, uint8 class_, uint8 status);

    /// @notice The account of the Treasury or of the ServiceExchange never changes its class, status or wallet.
    error CommunityTokenSystemAccount(address wallet);

    /// @notice A wallet that holds `balance` base units cannot become a non-member.
    error CommunityTokenNotEmpty(address wallet, uint256 balance);

    /// @notice An account moves from a member's wallet to one without account; `wallet` has this class and status.
    error CommunityTokenCannotMove(address wallet, uint8 class_, uint8 status);

    /// @notice Only a wallet that left (3) is swept; `wallet` has another status.
    error CommunityTokenNotLeft(address wallet, uint8 status);

    /// @notice The supply would grow to `supply`, above `limit` (2^128 - 1).
    error CommunityTokenSupplyLimit(uint256 supply, uint256 limit);

    /// @notice A batch credits ascending wallets, so that none is credited twice.
    error CommunityTokenWalletsNotAscending(address wallet, address previous);

    /// @notice The payout (base units) is larger than the cap of the batch.
    error CommunityTokenPayoutAboveCap(address wallet, uint256 amount, uint256 cap);

    /// @notice No fee is above `limit` (2,000 bps).
    error CommunityTokenFeeAboveLimit(uint256 bps, uint256 limit);

    /// @notice Every movement is stopped since `pausedAt` (unix seconds).
    error CommunityTokenPaused(uint256 pausedAt);

    /// @notice The platform suspended the community.
    error CommunityTokenSuspended();

    /// @notice The ServiceExchange is already `exchange`.
    error CommunityTokenAlreadyBound(address exchange);

    /// @notice The `part` of the set should point at `expected` and points at `found`.
    error CommunityTokenNotLinked(string part, address found, address expected);

    // ------------------------------------------------------------------------------------------- MEMBER REGISTRY

    /// @notice Writes class and status of `wallet`, in a pause too. Restricted to the MemberRegistry.
    ///
    /// - The balance does not change; the same values again change nothing and emit nothing.
    /// - A wallet with a balance cannot be set to class 0, status 0. A system account is never written.
    function setAccount(address wallet, uint8 class_, uint8 status) external;

    /// @notice Moves balance, class and status from a member's wallet to one without account. Restricted to the
    /// MemberRegistry, which replaces a wallet with it. Emits `AccountSet` for both and `Transfer` of the balance.
    function moveAccount(address from, address to) external;

    /// @notice Moves the whole balance of a wallet that left (status 3) to the Treasury. Restricted to the
    /// MemberRegistry, which knows when the days of grace are over.
    /// @return amount Base units moved.
    function sweep(address wallet) external returns (uint256 amount);

    // ----------------------------------------------------------------------------------------- SETTLEMENT LEDGER

    /// @notice Credits one payout to each wallet. Restricted to the SettlementLedger.
    ///
    /// - Wallets ascend from `previous` on and no amount exceeds `cap`, else the whole batch is refused. Both are
    ///   checked here, in the loop that reads each payout anyway.
    /// - A wallet that is no member is skipped with `CreditSkipped`; no recipient makes a batch revert.
    /// - Without fees emits `Transfer(0, wallet, amount)` for each credit. With fees the member gets the net amount,
    ///   `FeeCharged` (flow 2) follows, and all fees are credited to the Treasury by one `Transfer` at the end.
    /// - The supply is written once.
    ///
    /// Warning: that a batch is credited once is the caller's business; the token credits what it is told.
    /// @param payouts One word each: `address << 96 | uint96 amount` in base units, before fee.
    /// @param previous Wallet of the payout before these, 0 if there is none.
    /// @param cap Largest amount of a payout, in base units.
    /// @param citizenFeeBps Assignment fee of a citizen.
    /// @param stakeholderFeeBps Assignment fee of a stakeholder.
    /// @return credited Base units credited before fee, the growth of the supply.
    /// @return skipped Base units not credited.
    function creditBatch(
        bytes32[] calldata payouts,
        address previous,
        uint96 cap,
        uint16 citizenFeeBps,
        uint16 stakeholderFeeBps
    ) external returns (uint256 credited, uint256 skipped);

    // -------------------------------------------------------------------------------------------------- TREASURY

    /// @notice Creates `amount` base units in the Treasury; refused in a pause and while suspended. Restricted to the
    /// Treasury, which keeps the yearly cap.
    function issue(uint256 amount) external;

    /// @notice Burns `amount` base units of the Treasury. Restricted to the Treasury.
    function burn(uint256 amount) external;

    // ------------------------------------------------------------------------------------------ SERVICE EXCHANGE

    /// @notice Moves `amount` base units from a member to the caller, out of the allowance that the member gave it.
    /// Restricted to the ServiceExchange. Without fee; the member's status decides as in a transfer.
    function escrow(address from, uint256 amount) external;

    /// @notice Moves `amount` base units from the caller to `to`, less a fee for the Treasury. Restricted to the
    /// ServiceExchange. Every status but none receives. Emits `FeeCharged` (flow 1) if the fee is not 0.
    function release(address to, uint256 amount, uint16 feeBps) external;

    // ---------------------------------------------------------------------------------------------- TRANSFER FEES

    /// @notice Sets the transfer fees in force and the next ones. Restricted to the TokenPolicy, which keeps the
    /// notice.
    /// @param current Four rates of 16 bits in bps, from the highest bits on: citizen to citizen, citizen to
    /// stakeholder, stakeholder to citizen, stakeholder to stakeholder.
    /// @param scheduled Packed in the same way.
    /// @param validFrom Unix seconds from which `scheduled` applies; 0 if no change is scheduled.
    function setTransferFees(uint64 current, uint64 scheduled, uint40 validFrom) external;

    /// @notice The transfer fees as they were set last, packed as in `setTransferFees`.
    function transferFees() external view returns (uint64 current, uint64 scheduled, uint40 validFrom);

    /// @notice What a transfer in this block does with `amount` base units: the very checks and refusals of
    /// `transfer`, the allowance of a spender apart.
    /// @return net Base units that `to` receives.
    /// @return fee Base units that the Treasury receives.
    function previewTransfer(address from, address to, uint256 amount) external view returns (uint256 net, uint256 fee);

    // --------------------------------------------------------------------------------------- PAUSE AND SUSPENSION

    /// @notice Stops every movement of tokens. Restricted to the guardian. Again, it changes nothing.
    ///
    /// Allowances, permits and accounts can still be written.
    function pause() external;

    /// @notice Ends the pause. Restricted to the community administrator. Again, it changes nothing.
    function unpause() external;

    /// @notice Suspends or resumes the community. Restricted to the platform's CommunityRegistry.
    ///
    /// A suspended community opens no settlement, takes no member, issues nothing and accepts no agreement; whatever
    /// was opened before, and transfers, go on.
    function setSuspended(bool suspended) external;

    /// @notice Whether every movement is stopped.
    function isPaused() external view returns (bool);

    /// @notice Whether the platform suspended the community.
    function isSuspended() external view returns (bool);

    /// @notice Seconds of all pauses so far, a pause that goes on included: periods stand still in a pause, so they
    /// are measured with `block.timestamp - pausedSeconds()`.
    function pausedSeconds() external view returns (uint64);

    /// @notice Refuses while paused, and while suspended.
    function requireRunning() external view;

    /// @notice Refuses while suspended.
    function requireNotSuspended() external view;

    // ------------------------------------------------------------------------------------------- ACCOUNTS AND SET

    /// @notice Makes `exchange_` the ServiceExchange of the community, once. Restricted to the deployment.
    function bind(address exchange_) external;

    /// @notice Balance in base units, class and status of `wallet`.
    function accountOf(address wallet) external view returns (uint128 balance, uint8 class_, uint8 status);

    /// @notice The Treasury, fixed from deployment.
    function treasury() external view returns (address);

    /// @notice The ServiceExchange, 0 before `bind`.
    function exchange() external view returns (address);
}
