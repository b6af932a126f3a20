// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunityFixture} from "./CommunityFixture.sol";
import {SettlementHandler} from "./SettlementHandler.sol";

/// @dev What holds after any sequence of calls; the numbers are those of the specification's list.
contract InvariantsTest is CommunityFixture {
    SettlementHandler private handler;
    ISettlementLedger private book;

    struct Selectors {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public override {
        handler = new SettlementHandler();
        handler.setUp();
        book = handler.ledgerOf();
        token = handler.tokenOf();
        members = handler.registryOf();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev Paying is drawn most often, since each settlement has several chunks.
    function targetSelectors() external view returns (Selectors[] memory targets) {
        bytes4[] memory selectors = new bytes4[](13);
        selectors[0] = SettlementHandler.joinAnother.selector;
        selectors[1] = SettlementHandler.transfer.selector;
        selectors[2] = SettlementHandler.setStatus.selector;
        selectors[3] = SettlementHandler.openNext.selector;
        selectors[4] = SettlementHandler.openRevision.selector;
        selectors[5] = SettlementHandler.payForged.selector;
        selectors[6] = SettlementHandler.reopen.selector;
        selectors[7] = SettlementHandler.voidRest.selector;
        selectors[8] = SettlementHandler.govern.selector;
        for (uint256 i = 9; i < 13; ++i) selectors[i] = SettlementHandler.pay.selector;
        targets = new Selectors[](1);
        targets[0] = Selectors(address(handler), selectors);
    }

    function invariant_of_the_money() public view {
        requireSupply();
        requireSettlements();
        requireMembers();
    }

    /// @dev I1, I2 and I3, and the account words hold nothing but balance, class and status.
    function requireSupply() private view {
        uint256 sum;
        for (uint256 i = 1; i <= handler.WALLETS(); ++i) {
            address wallet = handler.wallets(i);
            (uint128 balance, uint8 class_, uint8 status) = token.accountOf(wallet);
            sum += balance;
            require(balance == 0 || (class_ != 0 && status != 0), "I3: a non-member holds tokens");
        }
        same(sum, token.totalSupply(), "I1: sum of balances");
        same(token.totalSupply(), handler.creditedUnits(), "I2: supply");
    }

    /// @dev I4, I6 and I13, over every settlement of the ledger.
    function requireSettlements() private view {
        uint64 end;
        uint32 next = book.nextPeriodIndex();
        for (uint32 index; index < next; ++index) {
            uint32 latest = book.latestRevision(index);
            uint64 start = book.settlement(index, 0).periodStart;
            require(index == 0 || start == end, "I13: a gap between periods");
            end = book.settlement(index, 0).periodEnd;
            require(end - start >= 671 hours && end - start <= 745 hours, "I6: length of a period");
            for (uint32 revision; revision <= latest; ++revision) requireTotals(index, revision, start, end);
            require(book.settlement(index, latest + 1).openedAt == 0, "a revision beyond the latest");
            uint256 cap = handler.highestCapOfPeriod(index);
            require(handler.committedOf(index, latest + 1) <= cap, "I6: period cap");
            require(handler.paidOfPeriod(index) <= cap, "I6: units paid in a period");
        }
        same(end, book.lastPeriodEnd(), "end of the last period");
        require(book.settlement(next, 0).openedAt == 0, "a period beyond the next");
    }

    function requireTotals(uint32 index, uint32 revision, uint64 start, uint64 end) private view {
        ISettlementLedger.Settlement memory settled = book.settlement(index, revision);
        uint256 moved = settled.paid + settled.skipped;
        require(moved <= settled.total, "I4: more than the total");
        require(settled.state != 2 || moved == settled.total, "I4: paid is not the total");
        require(settled.state != 1 || settled.nextChunk < settled.chunkCount, "I4: open with nothing to pay");
        require(settled.periodStart == start && settled.periodEnd == end, "I13: a revision moved its period");
    }

    /// @dev I14.
    function requireMembers() private view {
        uint256 count;
        for (uint256 i = 1; i <= handler.WALLETS(); ++i) {
            bytes32 memberId = members.memberOf(handler.wallets(i));
            if (memberId != 0) ++count;
            require(memberId == 0 || members.walletOf(memberId) == handler.wallets(i), "I14: two members of a wallet");
        }
        same(count, members.memberCount(), "I14: members");
    }

    /// @dev A run is worth something only if it came far.
    function afterInvariant() public view {
        string memory found = string.concat(
            vm.toString(handler.settlementsOpened()), " settlements, ", vm.toString(handler.chunksPaid()), " chunks"
        );
        require(handler.settlementsOpened() >= 3 && handler.chunksPaid() >= 3, found);
    }
}
