// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../../../contracts/interfaces/ITokenPolicy.sol";
import {CommunityHandler} from "./CommunityHandler.sol";
import {CommunityWorld} from "./CommunityWorld.sol";

/// @dev Members who pay each other, the token administrator, the guardian and the platform: transfers, treasury, rules
/// that change after their notice, pause and suspension.
contract MoneyHandler is CommunityHandler {
    uint256 private constant SUBJECTS = 4;
    uint256 private constant FEES = 0;
    uint256 private constant BUDGETS = 1;
    uint256 private constant BONUSES = 2;
    uint256 private constant RATES = 3;

    /// Own book of what is in force: digests of the rules, and when the next one begins.
    struct Timeline {
        bytes32 current;
        bytes32 next;
        uint64 nextFrom;
    }

    Timeline[SUBJECTS] private timelines;
    mapping(uint256 year => uint256) private issuedOf;
    mapping(bytes32 paymentReference => bool) private isSold;
    uint256 private sales;

    constructor(CommunityWorld world_) CommunityHandler(world_) {
        for (uint256 subject; subject < SUBJECTS; ++subject) timelines[subject].current = inForce(subject);
        issuedOf[0] = world_.issuedUnits();
    }

    // -------------------------------------------------------------------------------------------------- TRANSFERS

    /// @dev I7: what the preview says is what happens, its refusal included.
    function transfer(uint256 drawn, uint128 amount) external watching {
        uint256 seed = mix(drawn);
        (address from, address to) = (payer(seed), payer(seed >> 64));
        uint256 held = token.balanceOf(from);
        uint256 units = held == 0 ? amount : mix(amount) % (held + held / 8 + 1);
        (bool lawful, uint256 net, uint256 fee) = preview(from, to, units);
        uint256[3] memory before = [held, token.balanceOf(to), token.balanceOf(address(treasury))];
        mayFall(from);
        vm.prank(from);
        try token.transfer(to, units) {
            require(lawful, "transferred what the preview refused");
            if (from != to) requireMoved(from, to, before, net, fee);
        } catch {
            require(!lawful, "refused what the preview allowed");
        }
    }

    /// @dev A member's wallet in three draws of four, else any.
    function payer(uint256 seed) private view returns (address) {
        if ((seed >> 32) % 4 == 0) return wallets[1 + seed % WALLETS];
        return members.walletOf(bytes32(1 + seed % world.MEMBERS()));
    }

    function preview(address from, address to, uint256 units)
        private
        view
        returns (bool lawful, uint256 net, uint256 fee)
    {
        try token.previewTransfer(from, to, units) returns (uint256 net_, uint256 fee_) {
            require(net_ + fee_ == units && fee_ <= units / 5, "I7: fee above a fifth or lost units");
            return (true, net_, fee_);
        } catch {}
    }

    /// @param before Balances of sender, receiver and Treasury.
    function requireMoved(address from, address to, uint256[3] memory before, uint256 net, uint256 fee) private {
        same(token.balanceOf(from), before[0] - net - fee, "I7: sender");
        same(token.balanceOf(to), before[1] + net, "I7: receiver");
        same(token.balanceOf(address(treasury)), before[2] + fee, "I7: treasury");
        if (fee != 0) world.reach("fee charged");
    }

    // --------------------------------------------------------------------------------------------------- TREASURY

    function issue(uint256 drawn) external watching {
        uint256 units = mix(drawn) % 1_500e18;
        uint256 year = (block.timestamp - T0) / 365 days;
        uint256 budget = policy.budgetsAt(uint64(block.timestamp)).issuePerYearUnits;
        bool lawful = issuedOf[year] + units <= budget && !world.isPaused() && !world.isSuspended();
        vm.prank(TOKEN_ADMIN);
        try treasury.issue(units) {
            require(lawful, "issued above the budget, in a pause or suspended");
            issuedOf[year] += units;
            world.bookIssue(units);
        } catch {
            require(!lawful, "a lawful issue was refused");
        }
    }

    function burn(uint256 drawn) external watching {
        uint256 units = mix(drawn) % 300e18;
        bool lawful = units <= token.balanceOf(address(treasury)) && !world.isPaused();
        vm.prank(TOKEN_ADMIN);
        try treasury.burn(units) {
            require(lawful, "burned what the Treasury does not hold, or in a pause");
            world.bookBurn(units);
            world.reach("burned");
        } catch {
            require(!lawful, "a lawful burn was refused");
        }
    }

    /// @dev Half of the references were used before; one buyer in four is a citizen.
    function sell(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        uint256 citizens = world.CITIZENS();
        uint256 stakeholder = citizens + 1 + seed % (world.MEMBERS() - citizens);
        bytes32 id = bytes32((seed >> 16) % 4 == 0 ? 1 + seed % citizens : stakeholder);
        bytes32 reference_ = bytes32(1 + (seed >> 32) % (2 * sales + 2));
        address wallet = members.walletOf(id);
        uint256 held = token.balanceOf(wallet);
        vm.prank(TOKEN_ADMIN);
        try treasury.sell(id, uint64(seed >> 64) % 500, reference_) {
            require(!isSold[reference_], "a payment was used twice");
            require(classOf(wallet) == STAKEHOLDER, "sold to a citizen");
            require(token.balanceOf(wallet) > held, "sold nothing");
            isSold[reference_] = true;
            ++sales;
            world.reach("sold");
        } catch {}
    }

    // ----------------------------------------------------------------------------------------------------- RULES

    /// @dev I12: schedules a rule, in time or too early, which changes nothing before its day.
    function schedule(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        uint256 subject = seed % SUBJECTS;
        if ((seed >> 8) % 4 == 0) vm.warp(block.timestamp + 5 days);
        bool inTime = (seed >> 16) % 4 != 0;
        uint64 validFrom = uint64(block.timestamp) + (inTime ? NOTICE + 1 : NOTICE) + uint64((seed >> 32) % 2 days)
            * (inTime ? 1 : 0);
        bytes32 before = inForce(subject);
        try this.scheduleSubject(subject, seed, validFrom) returns (bytes32 digest) {
            require(inTime, "I12: scheduled with too little notice");
            book(subject, digest, validFrom);
        } catch {
            require(!inTime, "a lawful rule was refused");
        }
        require(inForce(subject) == before, "I12: a rule applied at once");
    }

    function book(uint256 subject, bytes32 digest, uint64 validFrom) private {
        Timeline storage line = timelines[subject];
        if (line.nextFrom != 0 && block.timestamp >= line.nextFrom) {
            line.current = line.next;
            world.reach("rule came into force");
        }
        (line.next, line.nextFrom) = (digest, validFrom);
    }

    /// @dev A call of its own, so that its refusal can be expected.
    function scheduleSubject(uint256 subject, uint256 seed, uint64 validFrom) external returns (bytes32) {
        vm.prank(subject == BUDGETS ? COMMUNITY_ADMIN : TOKEN_ADMIN);
        if (subject == FEES) {
            ITokenPolicy.Fees memory fees = drawFees(seed);
            policy.scheduleFees(fees, validFrom);
            return keccak256(abi.encode(fees));
        }
        uint96 units = uint96((seed >> 64) % 50e18);
        if (subject == BUDGETS) {
            ITokenPolicy.Budgets memory budgets = ITokenPolicy.Budgets(units, units / 2, units / 3, 100 * units);
            policy.scheduleBudgets(budgets, validFrom);
            return keccak256(abi.encode(budgets));
        }
        if (subject == BONUSES) {
            ITokenPolicy.Bonuses memory bonuses = ITokenPolicy.Bonuses(1 + units, 1 + units, units, units, units);
            policy.scheduleBonuses(bonuses, validFrom);
            return keccak256(abi.encode(bonuses));
        }
        ITokenPolicy.Rates memory rates = ITokenPolicy.Rates(units / 100, units);
        policy.scheduleRates(rates, validFrom);
        return keccak256(abi.encode(rates));
    }

    function drawFees(uint256 seed) private pure returns (ITokenPolicy.Fees memory) {
        uint16[10] memory bps;
        for (uint256 i; i < 10; ++i) bps[i] = uint16((seed >> (64 + 16 * i)) % 2001);
        return ITokenPolicy.Fees(bps[0], bps[1], bps[2], bps[3], bps[4], bps[5], bps[6], bps[7], bps[8], bps[9]);
    }

    function inForce(uint256 subject) private view returns (bytes32) {
        uint64 time = uint64(block.timestamp);
        if (subject == FEES) return keccak256(abi.encode(policy.feesAt(time)));
        if (subject == BUDGETS) return keccak256(abi.encode(policy.budgetsAt(time)));
        if (subject == BONUSES) return keccak256(abi.encode(policy.bonusesAt(time)));
        return keccak256(abi.encode(policy.ratesAt(time)));
    }

    /// @dev I12 over all rules.
    function requireRulesInTime() external view {
        for (uint256 subject; subject < SUBJECTS; ++subject) {
            Timeline memory line = timelines[subject];
            bool isNext = line.nextFrom != 0 && block.timestamp >= line.nextFrom;
            same(inForce(subject), isNext ? line.next : line.current, "I12: another rule is in force");
        }
    }

    // ---------------------------------------------------------------------------------------------------- SWITCHES

    /// @dev One draw in five pauses, the others end a pause: most actions meet a running token.
    function pauseOrUnpause(uint256 drawn) external watching {
        bool pause = mix(drawn) % 5 == 0;
        vm.prank(pause ? GUARDIAN : COMMUNITY_ADMIN);
        if (pause) token.pause();
        else token.unpause();
        world.bookPause(pause);
        if (pause) world.reach("paused");
    }

    function suspendOrResume(uint256 drawn) external watching {
        bool suspended = mix(drawn) % 5 == 0;
        vm.prank(PLATFORM_REGISTRY);
        token.setSuspended(suspended);
        world.bookSuspension(suspended);
        if (suspended) world.reach("suspended");
    }
}
