// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunityToken} from "../../contracts/CommunityToken.sol";
import {MemberRegistry} from "../../contracts/MemberRegistry.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunityFixture} from "./CommunityFixture.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @dev Drives a community through joins, transfers, openings, chunks in any order, repetitions, revisions, voids,
/// wallets that stop being members and caps that change, and keeps its own books beside the chain's.
/// Each action tries the lawful and the unlawful way; what must be refused and passes breaks the run.
contract SettlementHandler is CommunityFixture {
    uint256 public constant MEMBERS = 12;
    uint256 private constant OUTSIDERS = 3;
    uint256 public constant WALLETS = 16;

    /// Wallet of each member, kept because deriving one from its key is slow.
    address[WALLETS + 1] public wallets;

    /// Own books: what was credited over all, and by period.
    uint256 public creditedUnits;
    mapping(uint32 periodIndex => uint256) public paidOfPeriod;
    mapping(uint32 periodIndex => uint256) public highestCapOfPeriod;
    mapping(bytes32 chunk => uint256) public timesPaid;
    mapping(bytes32 payout => uint256) public creditsOfSettlement;
    uint256 public chunksPaid;
    uint256 public settlementsOpened;
    uint256 public settlementsVoided;
    uint256 public payoutsSkipped;

    bytes32[][] private chunks_;
    ISettlementLedger.Proposal private current;
    uint96 private memberCapAtOpening;

    function setUp() public override {
        super.setUp();
        allow(address(token), token.setAccount.selector, 100);
        manager.grantRole(100, address(this), 0);
        scheduleModel(P0);
        for (uint256 i = 1; i <= WALLETS; ++i) wallets[i] = walletOf(i);
        for (uint256 i = 1; i <= MEMBERS; ++i) joinMember(i);
    }

    function ledgerOf() external view returns (ISettlementLedger) {
        return ledger;
    }

    function tokenOf() external view returns (CommunityToken) {
        return token;
    }

    function registryOf() external view returns (MemberRegistry) {
        return members;
    }

    // --------------------------------------------------------------------------------------------------- ACTIONS

    function joinAnother(uint256 drawn) external {
        uint256 seed = mix(drawn);
        // Member ids and wallets are drawn apart, so that taken ones of both kinds are tried.
        uint256 member = 1 + seed % WALLETS;
        uint256 id = 1 + (seed >> 128) % WALLETS;
        address wallet = wallets[member];
        (bytes32 idBefore, address walletBefore) = (members.memberOf(wallet), members.walletOf(bytes32(id)));
        bytes memory consent = member == id ? consentOf(member, 1, block.timestamp) : bytes("");
        vm.prank(REGISTRAR);
        try members.join(bytes32(id), wallet, 1, block.timestamp, consent) {
            require(member == id, "joined without consent");
            require(idBefore == 0 || walletBefore == wallet, "a wallet or member joined twice");
        } catch {
            (, uint8 class_,) = token.accountOf(wallet);
            require(member != id || (idBefore != 0 && class_ == 0), "a lawful join was refused");
        }
    }

    function transfer(uint256 drawn, uint128 amount) external {
        uint256 seed = mix(drawn);
        address from = wallets[1 + seed % MEMBERS];
        address to = wallets[1 + (seed >> 64) % (MEMBERS + OUTSIDERS)];
        uint256 units = token.balanceOf(from) == 0 ? amount : uint256(amount) % (2 * token.balanceOf(from));
        uint256 sum = token.balanceOf(from) + token.balanceOf(to);
        vm.prank(from);
        try token.transfer(to, units) {
            if (from != to) require(token.balanceOf(from) + token.balanceOf(to) == sum, "a transfer made tokens");
        } catch {}
    }

    function setStatus(uint256 drawn) external {
        uint256 seed = mix(drawn);
        address wallet = wallets[1 + seed % MEMBERS];
        uint8 status = uint8((seed >> 64) % 4);
        bool none = status == 0;
        try token.setAccount(wallet, none ? 0 : 1, status) {
            require(!none || token.balanceOf(wallet) == 0, "tokens of a non-member");
        } catch {
            require(none && token.balanceOf(wallet) != 0, "a lawful status was refused");
        }
    }

    function openNext(uint256 drawn) external {
        uint256 seed = mix(drawn);
        bytes32[][] memory chunks = draw(seed);
        tryOpen(nextProposal(chunks), chunks, true);
    }

    function openRevision(uint256 drawn) external {
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
        (uint96 cap, uint96 memberCap) = ledger.caps();
        uint256 before = committedOf(proposal.periodIndex, proposal.revision);
        bytes[] memory signatures = signaturesOf(structHashOf(proposal), ledger.requiredSignatures());
        try ledger.open(proposal, signatures) {
            require(lawful, "opened over an open revision");
            require(before + proposal.total <= cap, "opened above the period cap");
            if (cap > highestCapOfPeriod[proposal.periodIndex]) highestCapOfPeriod[proposal.periodIndex] = cap;
            current = proposal;
            chunks_ = chunks;
            memberCapAtOpening = memberCap;
            ++settlementsOpened;
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
    function pay(uint256 drawn) external {
        uint256 seed = mix(drawn);
        if (current.chunkCount == 0) return;
        ISettlementLedger.Settlement memory before = ledger.settlement(current.periodIndex, current.revision);
        uint256 wanted = (seed >> 8) % 3 == 0 ? seed : before.nextChunk;
        uint32 chunk = uint32(wanted % current.chunkCount);
        uint256 supply = token.totalSupply();
        bytes32[] memory path = TreeBuilder.pathOf(leavesOf(chunks_), chunk);
        try ledger.pay(current.periodIndex, current.revision, chunk, chunks_[chunk], path) {
            if (chunk < before.nextChunk) {
                require(token.totalSupply() == supply, "a chunk was paid twice");
                return;
            }
            require(chunk == before.nextChunk && before.state == 1, "a chunk was paid out of order");
            book(chunk, before, token.totalSupply() - supply);
        } catch {
            bool lawful = chunk <= before.nextChunk && before.state != 3;
            require(!lawful || largest(chunk) > memberCapAtOpening, "a lawful chunk was refused");
        }
    }

    function book(uint32 chunk, ISettlementLedger.Settlement memory before, uint256 credited) private {
        ISettlementLedger.Settlement memory settled = ledger.settlement(current.periodIndex, current.revision);
        require(settled.paid - before.paid == credited, "the ledger counts other units than the token");
        creditedUnits += credited;
        paidOfPeriod[current.periodIndex] += credited;
        payoutsSkipped += settled.skipped - before.skipped;
        ++timesPaid[keccak256(abi.encode(current.periodIndex, current.revision, chunk))];
        require(timesPaid[keccak256(abi.encode(current.periodIndex, current.revision, chunk))] == 1, "twice");
        for (uint256 i; i < chunks_[chunk].length; ++i) {
            address wallet = address(bytes20(chunks_[chunk][i]));
            bytes32 key = keccak256(abi.encode(current.periodIndex, current.revision, wallet));
            require(++creditsOfSettlement[key] == 1, "a wallet was credited twice in a settlement");
        }
        ++chunksPaid;
    }

    /// @dev Content that was not signed is refused: another amount, another chunk, another path.
    function payForged(uint256 drawn) external {
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

    function reopen(uint256 drawn) external {
        uint256 seed = mix(drawn);
        if (settlementsOpened == 0) return;
        bytes32 last = ledger.lastSettlementHash();
        ISettlementLedger.Proposal memory again = current;
        ledger.open(again, new bytes[](0));
        require(ledger.lastSettlementHash() == last, "opening again changed the ledger");
        again.paramsDigest = bytes32(seed);
        try ledger.open(again, signaturesOf(structHashOf(again), ledger.requiredSignatures())) {
            revert("another proposal was opened in the same place");
        } catch {}
    }

    function voidRest(uint256 drawn) external {
        uint256 seed = mix(drawn);
        if (settlementsOpened == 0) return;
        ISettlementLedger.Settlement memory settled = ledger.settlement(current.periodIndex, current.revision);
        if (seed % 4 == 0) vm.warp(block.timestamp + 31 days);
        bytes32 structHash = keccak256(abi.encode(keccak256("Void(bytes32 settlement)"), settled.proposalHash));
        bool lawful = settled.state == 3 || (settled.state == 1 && block.timestamp >= settled.openedAt + 30 days);
        bytes[] memory signatures = signaturesOf(structHash, ledger.requiredSignatures());
        try ledger.voidRest(current.periodIndex, current.revision, signatures) {
            require(lawful, "voided too early or after payment");
            if (settled.state == 1) ++settlementsVoided;
        } catch {
            require(!lawful, "a lawful void was refused");
        }
    }

    function govern(uint256 drawn) external {
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
        uint256 count = seed % (MEMBERS + OUTSIDERS + 1);
        bytes32[] memory words = new bytes32[](count);
        (, uint256 limit) = ledger.caps();
        if ((seed >> 64) % 8 == 0) limit *= 2;
        for (uint256 i; i < count; ++i) {
            uint96 amount = uint96(1 + uint256(keccak256(abi.encode(seed, i))) % limit);
            words[i] = word(wallets[1 + i], amount);
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

    /// @dev Spreads small seeds over all bits.
    function mix(uint256 drawn) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(drawn)));
    }

    function largest(uint32 chunk) private view returns (uint96 amount) {
        for (uint256 i; i < chunks_[chunk].length; ++i) {
            uint96 units = uint96(uint256(chunks_[chunk][i]));
            if (units > amount) amount = units;
        }
    }
}
