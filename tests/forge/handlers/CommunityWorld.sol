// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {CommunityToken} from "../../../contracts/CommunityToken.sol";
import {MemberRegistry} from "../../../contracts/MemberRegistry.sol";
import {RewardModels} from "../../../contracts/RewardModels.sol";
import {ServiceExchange} from "../../../contracts/ServiceExchange.sol";
import {SettlementLedger} from "../../../contracts/SettlementLedger.sol";
import {TokenPolicy} from "../../../contracts/TokenPolicy.sol";
import {Treasury} from "../../../contracts/Treasury.sol";
import {ITokenPolicy} from "../../../contracts/interfaces/ITokenPolicy.sol";
import {Roles} from "../../../contracts/libraries/Roles.sol";
import {CommunityFixture} from "../CommunityFixture.sol";

/// @dev One community that all handlers drive together, with books of its own beside the chain's: what was credited,
/// issued and burned, how long the token was paused, and how often a run reached what makes it worth something.
contract CommunityWorld is CommunityFixture {
    struct Set {
        AccessManager manager;
        TokenPolicy policy;
        Treasury treasury;
        CommunityToken token;
        MemberRegistry members;
        RewardModels models;
        SettlementLedger ledger;
        ServiceExchange exchange;
        uint256[3] oracleKeys;
    }

    uint256 public constant CITIZENS = 8;
    /// The first members, citizens before stakeholders; later ids join during a run.
    uint256 public constant MEMBERS = 12;
    /// Wallets that may be a member's one day: more than members, so that some are free for replacements.
    uint256 public constant WALLETS = 30;
    /// A second administrator and registrar, whom a freeze may stand in the way of a proposal.
    address public constant DEPUTY = address(0xDE);

    /// Wallet of each key, kept because deriving one from its key is slow.
    address[WALLETS + 1] public wallets;

    uint256 public creditedUnits;
    uint256 public issuedUnits;
    uint256 public burnedUnits;

    uint64 private _pausedAt;
    uint64 private _pausedSeconds;
    bool public isSuspended;

    mapping(string what => uint256 times) public reached;

    function setUp() public override {
        super.setUp();
        manager.grantRole(Roles.COMMUNITY_ADMIN, DEPUTY, 0);
        manager.grantRole(Roles.REGISTRAR, DEPUTY, 0);
        scheduleModel(P0);
        scheduleIncentives();
        vm.warp(T0 + NOTICE + 1);
        vm.prank(TOKEN_ADMIN);
        treasury.issue(2_000e18);
        issuedUnits = 2_000e18;
        for (uint256 i = 1; i <= WALLETS; ++i) {
            wallets[i] = walletOf(i);
            vm.prank(wallets[i]);
            token.approve(address(exchange), type(uint256).max);
        }
    }

    /// @dev Every fee, bonus and budget is there, and the budgets are small enough to be exhausted.
    function initialPolicy() internal view override returns (ITokenPolicy.Initial memory initial) {
        initial = super.initialPolicy();
        initial.fees = ITokenPolicy.Fees(100, 200, 300, 2000, 50, 150, 250, 350, 120, 1000);
        initial.bonuses = ITokenPolicy.Bonuses(20e18, 30e18, 5e18, 6e18, 7e18);
        initial.budgets = ITokenPolicy.Budgets(40e18, 15e18, 10e18, 5_000e18);
    }

    /// @dev A rule for the services of categories 1 to 5, the second one after a positive check only.
    function scheduleIncentives() private {
        for (uint8 category = 1; category <= 5; ++category) {
            ITokenPolicy.IncentiveRule memory rule =
                ITokenPolicy.IncentiveRule(2e18, 500, 6e18, 300, category == 2 ? 1 : 0);
            vm.prank(TOKEN_ADMIN);
            policy.scheduleIncentive(category, 0, rule, T0 + NOTICE + 1);
        }
    }

    function set() external view returns (Set memory) {
        return Set(manager, policy, treasury, token, members, models, ledger, exchange, oracleKeys);
    }

    // -------------------------------------------------------------------------------------------------- OWN BOOKS

    function bookCredit(uint256 units) external {
        creditedUnits += units;
    }

    function bookIssue(uint256 units) external {
        issuedUnits += units;
    }

    function bookBurn(uint256 units) external {
        burnedUnits += units;
    }

    function bookPause(bool paused) external {
        if (paused == (_pausedAt != 0)) return;
        if (!paused) _pausedSeconds += uint64(block.timestamp) - _pausedAt;
        _pausedAt = paused ? uint64(block.timestamp) : 0;
    }

    function bookSuspension(bool suspended) external {
        isSuspended = suspended;
    }

    function isPaused() public view returns (bool) {
        return _pausedAt != 0;
    }

    /// @dev Unix seconds less those of all pauses.
    function runningClock() external view returns (uint64) {
        uint64 running = isPaused() ? uint64(block.timestamp) - _pausedAt : 0;
        return uint64(block.timestamp) - _pausedSeconds - running;
    }

    function reach(string calldata what) external {
        ++reached[what];
    }

    // ------------------------------------------------------------------------------------------------- NO THEFT, I11

    function balances() external view returns (uint256[] memory units) {
        units = new uint256[](WALLETS + 1);
        for (uint256 i = 1; i <= WALLETS; ++i) units[i] = token.balanceOf(wallets[i]);
    }

    /// @dev Only the wallets in `spenders` may hold less than before.
    function requireNoTheft(uint256[] calldata before, address[] calldata spenders) external view {
        for (uint256 i = 1; i <= WALLETS; ++i) {
            if (token.balanceOf(wallets[i]) >= before[i]) continue;
            bool lawful;
            for (uint256 j; j < spenders.length; ++j) lawful = lawful || spenders[j] == wallets[i];
            require(lawful, "I11: a balance fell without the member's signature");
        }
    }
}
