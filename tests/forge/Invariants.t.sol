// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunitySet} from "./CommunitySet.sol";
import {CommunityWorld} from "./handlers/CommunityWorld.sol";
import {ExchangeHandler} from "./handlers/ExchangeHandler.sol";
import {MoneyHandler} from "./handlers/MoneyHandler.sol";
import {ReplacementsHandler} from "./handlers/ReplacementsHandler.sol";
import {RogueHandler} from "./handlers/RogueHandler.sol";
import {SettlementHandler} from "./handlers/SettlementHandler.sol";

/// @dev What holds after any sequence of calls to the whole set; the numbers are those of the specification's list.
/// The handlers hold I5, I7, I8, I10, I11 and I12 in each call, against books of their own.
/// forge-config: default.invariant.depth = 500
contract InvariantsTest is CommunitySet {
    uint256 private constant FIXED_STEPS = 2_000;

    CommunityWorld private world;
    SettlementHandler private settlements;
    ReplacementsHandler private people;
    MoneyHandler private money;
    ExchangeHandler private services;
    RogueHandler private rogues;

    struct Selectors {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public {
        world = new CommunityWorld();
        world.setUp();
        settlements = new SettlementHandler(world);
        people = new ReplacementsHandler(world);
        money = new MoneyHandler(world);
        services = new ExchangeHandler(world);
        rogues = new RogueHandler(world);
        CommunityWorld.Set memory set = world.set();
        (token, treasury, members) = (set.token, set.treasury, set.members);
        (ledger, exchange) = (set.ledger, set.exchange);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](5);
        targets[0] = address(settlements);
        targets[1] = address(people);
        targets[2] = address(money);
        targets[3] = address(services);
        targets[4] = address(rogues);
    }

    /// @dev What takes several calls to come to its end is drawn more often: chunks, and steps of agreements.
    function targetSelectors() external view returns (Selectors[] memory targets) {
        targets = new Selectors[](5);
        targets[0] = Selectors(address(settlements), ofSettlements());
        targets[1] = Selectors(address(people), ofPeople());
        targets[2] = Selectors(address(money), ofMoney());
        targets[3] = Selectors(address(services), ofServices());
        bytes4[] memory ofRogues = new bytes4[](1);
        ofRogues[0] = RogueHandler.callForContracts.selector;
        targets[4] = Selectors(address(rogues), ofRogues);
    }

    function ofSettlements() private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](11);
        selectors[0] = SettlementHandler.openNext.selector;
        selectors[1] = SettlementHandler.openNext.selector;
        selectors[2] = SettlementHandler.openRevision.selector;
        selectors[3] = SettlementHandler.payForged.selector;
        selectors[4] = SettlementHandler.reopen.selector;
        selectors[5] = SettlementHandler.voidRest.selector;
        selectors[6] = SettlementHandler.govern.selector;
        for (uint256 i = 7; i < 11; ++i) selectors[i] = SettlementHandler.pay.selector;
    }

    function ofPeople() private view returns (bytes4[] memory selectors) {
        selectors = new bytes4[](12);
        selectors[0] = people.join.selector;
        selectors[1] = people.join.selector;
        selectors[2] = people.claimWelcome.selector;
        selectors[3] = people.leave.selector;
        selectors[4] = people.exclude.selector;
        selectors[5] = people.sweep.selector;
        selectors[6] = people.freeze.selector;
        selectors[7] = people.replace.selector;
        selectors[8] = people.propose.selector;
        selectors[9] = people.execute.selector;
        selectors[10] = people.object.selector;
        selectors[11] = people.join.selector;
    }

    function ofMoney() private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](8);
        selectors[0] = MoneyHandler.transfer.selector;
        selectors[1] = MoneyHandler.transfer.selector;
        selectors[2] = MoneyHandler.issue.selector;
        selectors[3] = MoneyHandler.burn.selector;
        selectors[4] = MoneyHandler.sell.selector;
        selectors[5] = MoneyHandler.schedule.selector;
        selectors[6] = MoneyHandler.pauseOrUnpause.selector;
        selectors[7] = MoneyHandler.suspendOrResume.selector;
    }

    function ofServices() private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](18);
        for (uint256 i; i < 3; ++i) selectors[i] = ExchangeHandler.propose.selector;
        for (uint256 i = 3; i < 7; ++i) selectors[i] = ExchangeHandler.accept.selector;
        for (uint256 i = 7; i < 18; ++i) selectors[i] = ExchangeHandler.step.selector;
    }

    // ------------------------------------------------------------------------------------------------- INVARIANTS

    function invariant_of_the_whole_set() public view {
        requireSupply();
        requireSettlements();
        people.requireSameAsChain(); // I3, I8, I14
        money.requireRulesInTime(); // I12
        same(token.balanceOf(address(exchange)), services.escrowOfAll(), "I9: escrow");
    }

    /// @dev I1 and I2: nobody but the wallets of the world and the two system accounts ever holds a token.
    function requireSupply() private view {
        uint256 sum = token.balanceOf(address(treasury)) + token.balanceOf(address(exchange));
        uint256[] memory units = world.balances();
        for (uint256 i; i < units.length; ++i) sum += units[i];
        same(sum, token.totalSupply(), "I1: sum of balances");
        uint256 grown = world.creditedUnits() + world.issuedUnits();
        same(token.totalSupply(), grown - world.burnedUnits(), "I2: supply");
    }

    /// @dev I4, I6 and I13, over every settlement of the ledger.
    function requireSettlements() private view {
        uint64 end;
        uint32 next = ledger.nextPeriodIndex();
        for (uint32 index; index < next; ++index) {
            uint32 latest = ledger.latestRevision(index);
            uint64 start = ledger.settlement(index, 0).periodStart;
            require(index == 0 || start == end, "I13: a gap between periods");
            end = ledger.settlement(index, 0).periodEnd;
            require(end - start >= 671 hours && end - start <= 745 hours, "I6: length of a period");
            for (uint32 revision; revision <= latest; ++revision) requireTotals(index, revision, start, end);
            require(ledger.settlement(index, latest + 1).openedAt == 0, "a revision beyond the latest");
            uint256 cap = settlements.highestCapOfPeriod(index);
            require(settlements.committedOf(index, latest + 1) <= cap, "I6: period cap");
            require(settlements.paidOfPeriod(index) <= cap, "I6: units paid in a period");
        }
        same(end, ledger.lastPeriodEnd(), "end of the last period");
        require(ledger.settlement(next, 0).openedAt == 0, "a period beyond the next");
    }

    function requireTotals(uint32 index, uint32 revision, uint64 start, uint64 end) private view {
        ISettlementLedger.Settlement memory settled = ledger.settlement(index, revision);
        uint256 moved = settled.paid + settled.skipped;
        require(moved <= settled.total, "I4: more than the total");
        require(settled.state != 2 || moved == settled.total, "I4: paid is not the total");
        require(settled.state != 1 || settled.nextChunk < settled.chunkCount, "I4: open with nothing to pay");
        require(settled.periodStart == start && settled.periodEnd == end, "I13: a revision moved its period");
    }

    // ------------------------------------------------------------------------------------------------ WORTH OF IT

    /// @dev The same drawing as of the invariant, with a fixed seed: what it comes to is known, and must be enough. The
    /// runs of the invariant itself are not asked, since a short one may happen to open little.
    function test_handlers__fixed_draws__reach_every_part_of_the_set() external {
        vm.pauseGasMetering();
        Selectors[] memory targets = this.targetSelectors();
        for (uint256 i; i < FIXED_STEPS; ++i) {
            uint256 seed = uint256(keccak256(abi.encode("gettone", i)));
            Selectors memory target = targets[seed % targets.length];
            bytes4 selector = target.selectors[(seed >> 32) % target.selectors.length];
            (bool succeeded,) = target.addr.call(abi.encodeWithSelector(selector, seed, uint256(uint128(seed >> 64))));
            require(succeeded, vm.toString(i));
            if (i % 100 == 0) this.invariant_of_the_whole_set();
        }
        requireReached();
    }

    function requireReached() private view {
        string[27] memory what = [
            "settlement opened",
            "settlement voided",
            "chunk paid",
            "payout skipped",
            "agreement proposed",
            "agreement accepted",
            "agreement settled",
            "agreement resolved",
            "agreement cancelled",
            "agreement expired",
            "agreement lent",
            "incentive paid",
            "left",
            "joined again",
            "excluded",
            "frozen",
            "unfrozen",
            "swept",
            "replaced by signature",
            "replaced after the delay",
            "proposal made void",
            "fee charged",
            "burned",
            "sold",
            "rule came into force",
            "paused",
            "suspended"
        ];
        for (uint256 i; i < what.length; ++i) {
            require(world.reached(what[i]) != 0, string.concat("never reached: ", what[i]));
        }
    }
}
