// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISettlementLedger} from "../../../contracts/interfaces/ISettlementLedger.sol";
import {TreeBuilder} from "../TreeBuilder.sol";
import {CommunityHandler} from "./CommunityHandler.sol";
import {CommunityWorld} from "./CommunityWorld.sol";

/// @dev The oracles and whoever pays: openings, chunks in any order, repetitions, revisions, voids, caps that change.
contract SettlementHandler is CommunityHandler {
    /// Own books: what was credited by period.
    mapping(uint32 periodIndex => uint256) public paidOfPeriod;
    mapping(uint32 periodIndex => uint256) public highestCapOfPeriod;
    mapping(bytes32 chunk => uint256) public timesPaid;
    mapping(bytes32 payout => uint256) public creditsOfSettlement;

    bytes32[][] private chunks_;
    ISettlementLedger.Proposal private current;
    uint96 private memberCapAtOpening;
    uint16 private citizenBpsAtOpening;
    uint16 private stakeholderBpsAtOpening;

    constructor(CommunityWorld world_) CommunityHandler(world_) {}

    // ---------------------------------------------------------------------------------------------------- OPENING

    function openNext(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        bytes32[][] memory chunks = draw(seed);
        tryOpen(nextProposal(chunks), chunks, true);
    }

    function openRevision(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        uint32 next = ledger.nextPeriodIndex();
        if (next == 0) return;
        uint32 index = uint32(seed % next);
        uint32 latest = ledger.latestRevision(index);
        bool lawful = ledger.settlement(index, latest).state != 1;
        bytes32[][] memory chunks = draw(seed);
        tryOpen(nextRevision(index, chunks), chunks, lawful);
    }

    /// @param lawful False if the revision before is still open.
    function tryOpen(ISettlementLedger.Proposal memory proposal, bytes32[][] memory chunks, bool lawful) private {
        (uint96 cap,) = ledger.caps();
        uint256 before = committedOf(proposal.periodIndex, proposal.revision);
        if (world.isPaused() || world.isSuspended()) lawful = false;
        bytes[] memory signatures = signaturesOf(structHashOf(proposal), ledger.requiredSignatures());
        try ledger.open(proposal, signatures) {
            require(lawful, "opened over an open revision, in a pause or suspended");
            require(before + proposal.total <= cap, "opened above the period cap");
            if (cap > highestCapOfPeriod[proposal.periodIndex]) highestCapOfPeriod[proposal.periodIndex] = cap;
            current = proposal;
            chunks_ = chunks;
            (, memberCapAtOpening) = ledger.caps();
            (citizenBpsAtOpening, stakeholderBpsAtOpening) = policy.assignmentFeesAt(uint64(block.timestamp));
            world.reach("settlement opened");
        } catch {
            require(!lawful || before + proposal.total > cap, "a lawful opening was refused");
        }
    }

    /// @dev Totals of the revisions before this one, less voided rests.
    function committedOf(uint32 index, uint32 revisions) public view returns (uint256 sum) {
        for (uint32 i; i < revisions; ++i) {
            ISettlementLedger.Settlement memory settled = ledger.settlement(index, i);
            sum += settled.state == 3 ? settled.paid + settled.skipped : settled.total;
        }
    }

    /// @dev Any chunk of the current settlement: the next, a later one, or one already paid.
    function pay(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        if (current.chunkCount == 0) return;
        ISettlementLedger.Settlement memory before = ledger.settlement(current.periodIndex, current.revision);
        uint256 wanted = (seed >> 8) % 3 == 0 ? seed : before.nextChunk;
        uint32 chunk = uint32(wanted % current.chunkCount);
        (uint256 credited, uint256 fees) = expectedOf(chunks_[chunk]);
        uint256 supply = token.totalSupply();
        uint256 held = token.balanceOf(address(treasury));
        bytes32[] memory path = TreeBuilder.pathOf(leavesOf(chunks_), chunk);
        try ledger.pay(current.periodIndex, current.revision, chunk, chunks_[chunk], path) {
            if (chunk < before.nextChunk) {
                require(token.totalSupply() == supply, "I5: a chunk was paid twice");
                return;
            }
            require(chunk == before.nextChunk && before.state == 1, "a chunk was paid out of order");
            require(!world.isPaused(), "paid in a pause");
            require(token.totalSupply() - supply == credited, "I2: other units than the payouts of members");
            require(token.balanceOf(address(treasury)) - held == fees, "I7: other fees than those at opening");
            book(chunk, before, credited);
        } catch {
            bool lawful = chunk <= before.nextChunk && before.state != 3 && !world.isPaused();
            require(!lawful || largest(chunk) > memberCapAtOpening, "a lawful chunk was refused");
        }
    }

    /// @dev What a chunk brings the members together, before the fees, and what of it the Treasury gets.
    function expectedOf(bytes32[] memory words) private view returns (uint256 credited, uint256 fees) {
        for (uint256 i; i < words.length; ++i) {
            (address wallet, uint256 amount) = (address(bytes20(words[i])), uint96(uint256(words[i])));
            if (statusOf(wallet) == 0) continue;
            uint256 bps = classOf(wallet) == CITIZEN ? citizenBpsAtOpening : stakeholderBpsAtOpening;
            credited += amount;
            fees += amount * bps / 10_000;
        }
    }

    function book(uint32 chunk, ISettlementLedger.Settlement memory before, uint256 credited) private {
        ISettlementLedger.Settlement memory settled = ledger.settlement(current.periodIndex, current.revision);
        require(settled.paid - before.paid == credited, "the ledger counts other units than the token");
        world.bookCredit(credited);
        paidOfPeriod[current.periodIndex] += credited;
        require(++timesPaid[keccak256(abi.encode(current.periodIndex, current.revision, chunk))] == 1, "I5: twice");
        for (uint256 i; i < chunks_[chunk].length; ++i) {
            address wallet = address(bytes20(chunks_[chunk][i]));
            bytes32 key = keccak256(abi.encode(current.periodIndex, current.revision, wallet));
            require(++creditsOfSettlement[key] == 1, "a wallet was credited twice in a settlement");
        }
        world.reach("chunk paid");
        if (settled.skipped != before.skipped) world.reach("payout skipped");
    }

    /// @dev Content that was not signed is refused: another amount, another chunk, another path.
    function payForged(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        if (current.chunkCount == 0) return;
        uint32 chunk = uint32(seed % current.chunkCount);
        bytes32[] memory words = chunks_[chunk];
        bytes32[] memory path = TreeBuilder.pathOf(leavesOf(chunks_), chunk);
        if (words.length != 0) words[(seed >> 32) % words.length] ^= bytes32(uint256(1 + (seed >> 64) % 1000));
        else words = new bytes32[](1);
        try ledger.pay(current.periodIndex, current.revision, chunk, words, path) {
            revert("a forged chunk was paid");
        } catch {}
    }

    function reopen(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        if (ledger.nextPeriodIndex() == 0) return;
        bytes32 last = ledger.lastSettlementHash();
        ISettlementLedger.Proposal memory again = current;
        ledger.open(again, new bytes[](0));
        require(ledger.lastSettlementHash() == last, "opening again changed the ledger");
        again.paramsDigest = bytes32(seed);
        try ledger.open(again, signaturesOf(structHashOf(again), ledger.requiredSignatures())) {
            revert("another proposal was opened in the same place");
        } catch {}
    }

    function voidRest(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        if (ledger.nextPeriodIndex() == 0) return;
        ISettlementLedger.Settlement memory settled = ledger.settlement(current.periodIndex, current.revision);
        if (seed % 4 == 0) vm.warp(block.timestamp + 31 days);
        bool open_ = settled.state == 1;
        bool inPause = (seed >> 8) % 2 == 0;
        bool lawful = settled.state == 3
            || (open_ && (inPause ? world.isPaused() : block.timestamp >= settled.openedAt + 30 days));
        try this.voidBy(inPause, settled.proposalHash) {
            require(lawful, "voided too early or after payment");
            if (open_) world.reach("settlement voided");
        } catch {
            require(!lawful, "a lawful void was refused");
        }
    }

    /// @dev By the community administrator or by the oracles; a call of its own, so that either can be refused.
    function voidBy(bool inPause, bytes32 proposalHash) external {
        (uint32 index, uint32 revision) = (current.periodIndex, current.revision);
        if (inPause) {
            vm.prank(COMMUNITY_ADMIN);
            ledger.voidRestInPause(index, revision);
        } else {
            bytes32 structHash = keccak256(abi.encode(keccak256("Void(bytes32 settlement)"), proposalHash));
            ledger.voidRest(index, revision, signaturesOf(structHash, ledger.requiredSignatures()));
        }
    }

    function govern(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        vm.prank(ORACLE_ADMIN);
        ledger.setRequiredSignatures(uint8(1 + seed % 3));
        (uint96 capBefore, uint96 memberCapBefore) = ledger.caps();
        vm.prank(COMMUNITY_ADMIN);
        try ledger.scheduleCaps(
            uint96(PERIOD_CAP / (1 + seed % 5)), uint96(MEMBER_CAP / (1 + seed % 7)), uint64(block.timestamp + 8 days)
        ) {} catch {}
        (uint96 cap, uint96 memberCap) = ledger.caps();
        require(cap == capBefore && memberCap == memberCapBefore, "caps changed without notice");
    }

    // --------------------------------------------------------------------------------------------------- DRAWING

    /// @dev Up to three chunks over ascending wallets, some of them of non-members; one draw in eight has payouts above
    /// the member cap.
    function draw(uint256 seed) private view returns (bytes32[][] memory chunks) {
        uint256 count = seed % (WALLETS / 2 + 1);
        bytes32[] memory words = new bytes32[](count);
        (, uint256 limit) = ledger.caps();
        if ((seed >> 64) % 8 == 0) limit *= 2;
        for (uint256 i; i < count; ++i) {
            uint96 amount = uint96(1 + uint256(keccak256(abi.encode(seed, i))) % limit);
            words[i] = word(wallets[1 + ((seed >> 96) + i) % WALLETS], amount);
        }
        words = sorted(words);
        uint256 parts = count == 0 ? 0 : 1 + (seed >> 32) % 3;
        chunks = new bytes32[][](parts);
        for (uint256 part; part < parts; ++part) {
            (uint256 from, uint256 to) = (count * part / parts, count * (part + 1) / parts);
            bytes32[] memory chunk = new bytes32[](to - from);
            for (uint256 i = from; i < to; ++i) chunk[i - from] = words[i];
            chunks[part] = chunk;
        }
    }

    function largest(uint32 chunk) private view returns (uint96 amount) {
        for (uint256 i; i < chunks_[chunk].length; ++i) {
            uint96 units = uint96(uint256(chunks_[chunk][i]));
            if (units > amount) amount = units;
        }
    }
}
